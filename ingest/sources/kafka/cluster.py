"""Where a Kafka cluster is and how it is reached, in Kafka's own words (``security.protocol``).

SASL is SCRAM-SHA-512 (RFC 5802): a broker keeps no password, and none travels. TLS checks certificate and host name.
"""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

MECHANISM: Final = "SCRAM-SHA-512"


class Security(StrEnum):
    """How connections to Kafka are protected."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"

    @property
    def encrypts(self) -> bool:
        """Whether TLS is used."""
        return self in {Security.SSL, Security.SASL_SSL}

    @property
    def authenticates(self) -> bool:
        """Whether a user and a password are asked for."""
        return self in {Security.SASL_PLAINTEXT, Security.SASL_SSL}


@dataclass(frozen=True)
class Cluster:
    """Kafka's brokers, ``host:port`` separated by commas, and our credentials; the password is never shown.

    ``ca_file``: the certificate authorities to trust instead of the system's.
    """

    bootstrap: str
    security: Security = Security.PLAINTEXT
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    def __str__(self) -> str:
        return self.bootstrap

    def client_options(self) -> dict[str, Any]:
        """Return what a client of aiokafka is told; raises OSError when the file of authorities cannot be used."""
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.security.value}
        if self.security.encrypts:
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca_file)
        if self.security.authenticates:
            options["sasl_mechanism"] = MECHANISM
            options["sasl_plain_username"] = self.user
            options["sasl_plain_password"] = self.password
        return options
