"""When the certificates end of the servers that a role connects to: read from the servers themselves."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from prometheus_client import REGISTRY

from deploy.production.certificates import Authority, Issued
from deploy.server_certificates import ASKING_POSTGRESQL, TlsServer, look, servers
from deploy.settings import Address, Settings

NOW = datetime.now(UTC).replace(microsecond=0)
GAUGE = "pharos_certificate_end_timestamp_seconds"


@contextmanager
def serving(issued: Issued, folder: Path, *, is_database: bool = False) -> Iterator[Address]:
    """Serve TLS with a certificate to one client: at once, or once it asks as clients of PostgreSQL do."""
    (folder / "crt").write_text(issued.certificate)
    (folder / "key").write_text(issued.key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "crt", folder / "key")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            if is_database:
                assert connection.recv(len(ASKING_POSTGRESQL)) == ASKING_POSTGRESQL
                connection.sendall(b"S")
            with context.wrap_socket(connection, server_side=True) as encrypted:
                encrypted.recv(1)

        thread = Thread(target=serve)
        thread.start()
        yield Address("127.0.0.1", listening.getsockname()[1])
        thread.join()


def ended(of: Authority) -> Issued:
    """Return a certificate that ended yesterday."""
    return of.issue(["localhost"], NOW - timedelta(days=731))


@pytest.mark.parametrize("is_database", [False, True])
def test_a_server_tells_when_its_certificate_ends_even_when_it_has_ended(is_database: bool, tmp_path: Path) -> None:
    with serving(ended(Authority.new(NOW - timedelta(days=800))), tmp_path, is_database=is_database) as address:
        end = TlsServer("any", address, is_database=is_database).end()
    assert end == NOW - timedelta(days=1)


def test_prometheus_is_told_of_servers_and_of_the_authority_and_who_is_away_keeps_what_was_told(tmp_path: Path) -> None:
    authority = Authority.new(NOW)
    trusted = tmp_path / "ca.crt"
    trusted.write_text(authority.issued.certificate)
    with serving(authority.issue(["localhost"], NOW), tmp_path) as address:
        look([TlsServer("mqtt", address)], {trusted, tmp_path / "none"})
    told = REGISTRY.get_sample_value(GAUGE, {"server": "mqtt"})
    look([TlsServer("mqtt", address)], set())
    assert told == (NOW + timedelta(days=730)).timestamp()
    assert REGISTRY.get_sample_value(GAUGE, {"server": "mqtt"}) == told
    assert REGISTRY.get_sample_value(GAUGE, {"server": "authority"}) == (NOW + timedelta(days=3653)).timestamp()


def test_of_two_authorities_that_are_trusted_the_later_end_counts(tmp_path: Path) -> None:
    both = tmp_path / "ca.crt"
    pair = [Authority.new(NOW - timedelta(days=3000)), Authority.new(NOW)]
    both.write_text("".join(one.issued.certificate for one in pair))
    look([], {both})
    assert REGISTRY.get_sample_value(GAUGE, {"server": "authority"}) == (NOW + timedelta(days=3653)).timestamp()


def test_a_server_that_speaks_no_tls_is_told_from_one_that_does() -> None:
    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(len(ASKING_POSTGRESQL))
            connection.sendall(b"N")

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = Thread(target=refuse, args=(listening,))
        thread.start()
        address = Address("127.0.0.1", listening.getsockname()[1])
        with pytest.raises(OSError, match="does not speak TLS"):
            TlsServer("database", address, is_database=True).end()
        thread.join()


def test_only_what_settings_lead_to_over_tls_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(**told: str) -> list[TlsServer]:
        for name, value in told.items():
            monkeypatch.setenv(f"PHAROS_{name.upper()}", value)
        return list(servers(Settings()))

    assert named(mqtt_url="mqtt://a@b:1883", database_url="postgresql://a@b/c", kafka_bootstrap="k:9092") == []
    assert named(
        mqtt_url="mqtts://a@b",
        database_url="postgresql://a@db:5433/c?sslmode=verify-full",
        kafka_bootstrap="k1:9093,k2:9093",
        kafka_security="SASL_SSL",
    ) == [
        TlsServer("mqtt", Address("b", 8883)),
        TlsServer("kafka", Address("k1", 9093)),
        TlsServer("database", Address("db", 5433), is_database=True),
    ]
