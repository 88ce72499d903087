"""The PostgreSQL launcher: one folder, any death, the same data."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.embedded import orphan_processes, ports
from deploy.embedded.identity import AS_STARTED, Identity, mapped, nobody
from deploy.embedded.postgres import Postgres
from deploy.errors import DatabaseServerError, ForeignFolderError, PrivilegeError

pytestmark = pytest.mark.integration


@pytest.fixture
def home(open_folder: Path) -> Path:
    return open_folder / "postgres"


@pytest.fixture
def server(home: Path) -> Iterator[Postgres]:
    launched = Postgres(home)
    launched.start()
    yield launched
    launched.stop()


def remember(server: Postgres) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")


def remembered(server: Postgres) -> str:
    with psycopg.connect(server.url()) as connection:
        return str(connection.execute("SELECT text FROM note").fetchall()[0][0])


def test_it_asks_for_a_password_and_listens_on_loopback_only(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://pharos:guess@127.0.0.1:{server.port}/postgres")
    with psycopg.connect(server.url()) as connection:
        shown = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
            (["listen_addresses", "unix_socket_directories", "synchronous_commit", "fsync", "server_encoding"],),
        )
        assert dict(shown.fetchall()) == {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "synchronous_commit": "on",
            "fsync": "on",
            "server_encoding": "UTF8",
        }


@pytest.mark.usefixtures("server")
def test_its_folder_and_password_are_closed_to_others(home: Path) -> None:
    assert (home.stat().st_mode & 0o777, (home / "password").stat().st_mode & 0o777) == (0o700, 0o600)


def test_data_survive_a_stop_and_a_start(server: Postgres, home: Path) -> None:
    remember(server)
    server.stop()
    second = Postgres(home)
    second.start()
    assert remembered(second) == "kept"
    second.stop()


def test_data_survive_a_kill_of_the_server(server: Postgres) -> None:
    remember(server)
    os.kill(server.pid, signal.SIGKILL)
    server.start()
    assert remembered(server) == "kept"


def test_a_server_left_by_a_killed_supervisor_is_ended_and_its_data_continue(server: Postgres, home: Path) -> None:
    remember(server)
    orphan, second = server.pid, Postgres(home)
    second.start()
    assert not orphan_processes.running(orphan)
    assert remembered(second) == "kept"
    second.stop()


def test_it_ends_with_a_starter_that_was_killed(home: Path) -> None:
    program = f"""
        import sys
        from pathlib import Path
        from deploy.embedded.postgres import Postgres
        server = Postgres(Path({str(home)!r}))
        server.start()
        print(server.pid, flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    assert orphan_processes.end([pid], [(signal.Signals(signal.SIGCONT), 20.0)]) == []


@pytest.mark.parametrize("number", [1, 2_000_000_000], ids=["of a stranger", "of nobody"])
def test_a_stale_postmaster_number_does_not_stop_the_start(server: Postgres, home: Path, number: int) -> None:
    pid_file = home / "cluster" / "postmaster.pid"
    left = pid_file.read_text().split("\n", 1)[1]
    os.kill(server.pid, signal.SIGKILL)
    pid_file.write_text(f"{number}\n{left}")
    server.start()
    assert orphan_processes.running(server.pid)


def test_a_taken_port_is_replaced_by_a_free_one(home: Path, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        taken = connection.info.port
    server = Postgres(home, port=taken)
    server.start()
    assert server.port != taken
    server.stop()


def test_the_wanted_port_is_used_when_free(home: Path) -> None:
    wanted = ports.choose()
    server = Postgres(home, port=wanted)
    server.start()
    assert server.port == wanted
    server.stop()


def test_a_foreign_folder_is_refused_and_left_alone(home: Path) -> None:
    home.mkdir()
    (home / "thesis.tex").write_text("mine")
    with pytest.raises(ForeignFolderError, match=r"not a database folder of Pharos \(thesis.tex\)"):
        Postgres(home).start()
    assert [path.name for path in home.iterdir()] == ["thesis.tex"]


def test_an_initdb_that_was_killed_is_begun_again(home: Path) -> None:
    (home / "cluster.new").mkdir(parents=True)
    (home / "cluster.new" / "PG_VERSION").write_text("18\n")
    server = Postgres(home)
    server.start()
    server.stop()
    assert not (home / "cluster.new").exists()


def test_a_folder_of_another_version_is_refused(server: Postgres, home: Path) -> None:
    server.stop()
    (home / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseServerError, match="was made by PostgreSQL 12"):
        Postgres(home).start()


def test_a_database_with_an_extension_that_the_server_lacks_is_refused(server: Postgres) -> None:
    server.create_database("pharos")
    with psycopg.connect(server.url("pharos")) as connection:  # as it is once another server has made it
        connection.execute("INSERT INTO pg_extension VALUES (99999, 'timescaledb', 10, 2200, false, '2.20.1')")
    with pytest.raises(DatabaseServerError, match=r"uses timescaledb, which the PostgreSQL in .* does not have"):
        server.create_database("pharos")


def test_a_server_that_cannot_start_says_its_last_words(server: Postgres, home: Path) -> None:
    server.stop()
    (home / "cluster" / "custom.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(DatabaseServerError, match="shared_buffers"):
        Postgres(home).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="lends root another identity: only root can")
@pytest.mark.parametrize("way", [mapped, nobody])
def test_root_runs_it_under_another_identity(home: Path, way: Callable[[], Identity | None]) -> None:
    identity = way()
    if identity is None:
        pytest.skip("user namespaces are not allowed here")
    server = Postgres(home, identity=identity)
    server.start()
    remember(server)
    server.stop()
    assert not orphan_processes.running(server.pid)


@pytest.mark.skipif(os.geteuid() != 0, reason="lends root another identity: only root can")
def test_a_closed_parent_folder_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PrivilegeError, match="closed to the account nobody"):
        Postgres(closed / "postgres", identity=nobody()).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_itself_is_refused_by_postgresql(home: Path) -> None:
    with pytest.raises(DatabaseServerError, match="cannot be run as root"):
        Postgres(home, identity=AS_STARTED).start()
