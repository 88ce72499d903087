"""Certificates that a TLS client accepts for the names they are for, and for no others."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from deploy.errors import CertificateError
from deploy.production.certificates import AUTHORITY_VALIDITY, SERVER_VALIDITY, Authority, Issued, expiry

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new(NOW)


def greet(authority: Authority, server: Issued, name: str, folder: Path) -> None:
    """Let a client that trusts the authority greet a server under a name; raises what the client makes of it."""
    (folder / "pair.pem").write_text(server.key + server.certificate)
    here, there = socket.socketpair()
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    listening.load_cert_chain(folder / "pair.pem")
    trusting = ssl.create_default_context(cadata=authority.issued.certificate)

    def answer() -> None:
        try:
            listening.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = Thread(target=answer)
    thread.start()
    try:
        trusting.wrap_socket(here, server_hostname=name).close()
    finally:
        here.close()
        thread.join()


@pytest.mark.parametrize("name", ["mosquitto", "mqtt.example.org", "127.0.0.1", "::1"])
def test_a_server_is_trusted_under_its_names(authority: Authority, tmp_path: Path, name: str) -> None:
    greet(authority, authority.issue(["mosquitto", "mqtt.example.org", "127.0.0.1", "::1"], NOW), name, tmp_path)


def test_a_server_is_not_trusted_under_another_name(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greet(authority, authority.issue(["mosquitto"], NOW), "kafka", tmp_path)


def test_a_server_of_another_authority_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(authority, Authority.new(NOW).issue(["mosquitto"], NOW), "mosquitto", tmp_path)


def test_a_certificate_outlives_no_authority(authority: Authority) -> None:
    issued = authority.issue(["mosquitto"], NOW)
    assert expiry(issued.certificate) == (NOW + SERVER_VALIDITY).replace(microsecond=0)
    late = authority.issue(["mosquitto"], NOW + AUTHORITY_VALIDITY - timedelta(days=7))
    assert expiry(late.certificate) == expiry(authority.issued.certificate)


def test_an_authority_is_read_from_what_was_kept_of_it(authority: Authority, tmp_path: Path) -> None:
    kept = Authority.parse(authority.issued.certificate, authority.issued.key)
    greet(authority, kept.issue(["mosquitto"], NOW), "mosquitto", tmp_path)


def test_a_key_of_another_authority_is_refused(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="not the key of its certificate"):
        Authority.parse(authority.issued.certificate, Authority.new(NOW).issued.key)


@pytest.mark.parametrize("text", ["", "rubbish", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_said_to_be_none(text: str) -> None:
    with pytest.raises(CertificateError, match="certificate"):
        expiry(text)


def test_a_name_that_is_no_host_name_is_refused(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="no host name"):
        authority.issue(["sønderborg.example"], NOW)
