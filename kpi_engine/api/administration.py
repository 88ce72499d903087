"""What the interface may do beside reading, as this installation lets it: take readings, credentials, city files.

The processes that serve the interface say how; where they do not, the resources answer that it is not set up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fastapi import Request

from ingest.limits import DEFAULT, PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.city.assets import City
from ingest.model.issued_credential import IssuedCredential
from ingest.topics import Address
from kpi_engine.api.errors import NotSetUpError
from kpi_engine.reports.signing import Signer
from processors.intake.direct import DirectIntake
from processors.storage.database import Connection
from processors.storage.registry.city_changes import CityChanges

Part = TypeVar("Part")


@dataclass(frozen=True)
class CredentialEntry:
    """The credential of a device or gateway, without its secret; ``issued_at`` in RFC 3339."""

    city: str
    device: str
    user: str
    issued_at: str


class Credentials(Protocol):
    """The credentials of devices and gateways. What cannot be done raises ApiError, and nothing was changed."""

    def verify(self, user: str, secret: str) -> Address | None:
        """Return whose credential it is, None where it is nobody's."""

    def issued(self, cities: Sequence[str] | None) -> Sequence[CredentialEntry]:
        """Return all of some cities, of every city for None."""

    def add(self, city: str, device: str) -> IssuedCredential:
        """Issue one to a device by its name or native id; it has none yet."""

    def rotate(self, city: str, device: str) -> IssuedCredential:
        """Replace the secret of a device, which ends at once."""

    def revoke(self, city: str, device: str) -> None:
        """Take the credential of a device away."""


class CityFiles(Protocol):
    """City files on their way into use, by the steps of ``pharos city apply``."""

    def read(self, text: str, connection: Connection) -> City:
        """Return the city of a file; raises CityFileError with every fault."""

    def apply(self, city: City, *, losses: bool) -> CityChanges:
        """Register ``city``, unless it takes readings out of figures and ``losses`` is false; returns what it does.

        Raises UnitChangeError or BindingConflictError, where nothing was changed.
        """


@dataclass(frozen=True)
class Administration:
    """What is set up; ``limits`` of one message.

    ``signer`` finds the key of reports, or makes it at first; ``keys``: of meters whose telegrams are encrypted.
    ``public_address``: where the interface is reached from outside, such as https://figures.example.org.
    """

    intake: DirectIntake | None = None
    credentials: Credentials | None = None
    city_files: CityFiles | None = None
    signer: Callable[[], Signer] | None = None
    limits: PayloadLimits = DEFAULT
    keys: KeysOf = none
    public_address: str = ""


def of(request: Request) -> Administration:
    """Return what is set up for the application that a request has reached."""
    found: Administration = request.app.state.administration
    return found


def required(part: Callable[[Administration], Part | None], what: str) -> Callable[[Request], Part]:
    """Return a dependency that finds a part; raises NotSetUpError where the installation has none."""

    def find(request: Request) -> Part:
        found = part(of(request))
        if found is None:
            raise NotSetUpError(f"{what} over HTTP is not set up here; see PHAROS_WRITER_URL and PHAROS_DATA")
        return found

    return find
