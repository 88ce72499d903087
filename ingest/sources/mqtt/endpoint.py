"""Where an MQTT broker is and who we are there, from a URL: mqtt://user:password@host:port, or mqtts:// for TLS."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from paho.mqtt.client import Client

_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True)
class Endpoint:
    """A broker's address and our credentials; the password is never shown.

    ``ca_file``: the certificate authorities to trust instead of the system's.
    """

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL; raises ValueError saying what was expected, without repeating the URL, which holds a password."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("expected mqtt://user:password@host:port, or mqtts:// for TLS")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "mqtts", user, password)

    def introduce(self, client: "Client") -> None:
        """Tell a client that has not connected yet who we are, and whom to trust."""
        if self.user:
            client.username_pw_set(self.user, self.password)
        if self.tls:
            client.tls_set(str(self.ca_file) if self.ca_file else None)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
