"""When the certificates of the servers end that a role connects to, and that of who signed them: told before they do.

A server is asked as its clients ask it: MQTT and Kafka speak TLS from the first byte, PostgreSQL when it is asked to
(PostgreSQL, "SSL Session Encryption"). Nothing is said to it beyond that, so an answer is read of a server that nobody
would trust any more, too: one whose certificate has ended.
"""

import socket
import ssl
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography import x509
from prometheus_client import Gauge
from psycopg.conninfo import conninfo_to_dict

from deploy.periodic import Every
from deploy.settings import Address, Settings

AUTHORITY: Final = "authority"
LOOKED_SECONDS: Final = 300.0
PATIENCE_SECONDS: Final = 10.0
ASKING_POSTGRESQL: Final = struct.pack("!ii", 8, 80877103)
ENCRYPTED: Final = {"require", "verify-ca", "verify-full"}  # sslmode of libpq

ENDS = Gauge(
    "pharos_certificate_end_timestamp_seconds",
    "When the certificate ends of a server that the role connects to, or of the authority that it trusts.",
    ["server"],
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TlsServer:
    """A server that is spoken to over TLS, by the name of what it is."""

    name: str
    address: Address
    is_database: bool = False

    def end(self) -> datetime:
        """Return when its certificate ends, UTC; raises OSError where it is not reached or speaks no TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection((self.address.host, self.address.port), PATIENCE_SECONDS) as connection:
            if self.is_database:
                connection.sendall(ASKING_POSTGRESQL)
                if connection.recv(1) != b"S":
                    raise OSError("the database does not speak TLS")
            with context.wrap_socket(connection, server_hostname=self.address.host) as encrypted:
                certificate = encrypted.getpeercert(binary_form=True)
        if not certificate:
            raise OSError("the server showed no certificate")
        return x509.load_der_x509_certificate(certificate).not_valid_after_utc


def servers(configured: Settings) -> Iterator[TlsServer]:
    """Yield the servers that settings lead to over TLS."""
    if configured.mqtt_url and (broker := urlsplit(configured.mqtt_url.get_secret_value())).scheme == "mqtts":
        yield TlsServer("mqtt", Address(broker.hostname or "", broker.port or 8883))
    if configured.kafka_bootstrap and configured.kafka_security.encrypts:
        yield TlsServer("kafka", Address.parse(configured.kafka_bootstrap.split(",")[0]))
    if configured.database_url:
        parts = conninfo_to_dict(configured.database_url.get_secret_value())
        if parts.get("sslmode") in ENCRYPTED:
            yield TlsServer("database", Address(str(parts["host"]), int(parts.get("port") or 5432)), is_database=True)


def authorities(configured: Settings) -> set[Path]:
    """Return the files of the authorities that settings name."""
    named = {configured.mqtt_ca_file, configured.kafka_ca_file}
    if configured.database_url:
        root = conninfo_to_dict(configured.database_url.get_secret_value()).get("sslrootcert")
        named.add(Path(str(root)) if root else None)
    return {file for file in named if file}


def watch(configured: Settings) -> None:
    """Tell Prometheus from now on when certificates end, looking every five minutes; without TLS, nothing."""
    looked = list(servers(configured))
    files = authorities(configured)
    if looked or files:
        Every(LOOKED_SECONDS, lambda: look(looked, files))


def look(looked: list[TlsServer], files: set[Path]) -> None:
    """Look once. What is not reached keeps its last answer: that it is away is told by who needs it."""
    for server in looked:
        try:
            ENDS.labels(server.name).set(server.end().timestamp())
        except (OSError, ValueError) as error:
            _log.info("certificate not looked at", server=server.name, address=str(server.address), reason=str(error))
    ends = [
        certificate.not_valid_after_utc
        for file in files
        if file.is_file()
        for certificate in x509.load_pem_x509_certificates(file.read_bytes())
    ]
    if ends:
        # Of several, the last: an authority that is replaced stays beside its successor until nobody needs it.
        ENDS.labels(AUTHORITY).set(max(ends).timestamp())
