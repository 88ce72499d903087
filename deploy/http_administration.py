"""What ``pharos api`` may do beside reading: the same steps as those of the command line, as the settings allow it."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

from deploy import city_files, city_registration
from deploy.device_access import DeviceAccess
from deploy.errors import CredentialError, CredentialExistsError, NoCredentialError
from deploy.roles import metrics
from deploy.settings import Settings
from ingest.model.city.assets import City
from ingest.model.issued_credential import IssuedCredential
from ingest.topics import Address
from kpi_engine.api.administration import Administration, CredentialEntry
from kpi_engine.api.errors import ConflictError, NotFoundError, invalid
from kpi_engine.factors import registry as factors
from kpi_engine.reports.signing import Signer
from processors.intake.direct import DirectIntake
from processors.storage.database import Connection, TimeLimits, connect
from processors.storage.registry.city_changes import CityChanges

APPLICATION = "pharos api (registry)"
REGISTERING = TimeLimits(lock=20, statement=120, idle_in_transaction=120)


def administration(chosen: Settings) -> Administration:
    """Return what is set up: nothing that writes without PHAROS_WRITER_URL, no credentials without their folder."""
    chosen = chosen.model_copy(update={"cities": []})  # what is registered may be newer than the files of a start
    try:
        credentials: DeviceSecrets | None = DeviceSecrets(DeviceAccess(chosen))
    except CredentialError:
        credentials = None
    signer = partial(Signer.of, chosen.report_key())
    beside = Administration(
        credentials=credentials,
        signer=signer,
        limits=chosen.limits(),
        keys=chosen.meter_keys(),
        public_address=chosen.public_url or "",
    )
    if chosen.writer_url is None:
        return beside
    url, quota, keys = chosen.writer(), chosen.quarantine_quota(), chosen.meter_keys()
    intake = DirectIntake(url, chosen.limits(), quota, metrics.count_commit, keys)
    return replace(beside, intake=intake, city_files=RegisteredFiles(chosen, url))


class DeviceSecrets:
    """Credentials of devices for the interface (kpi_engine.api.administration.Credentials)."""

    def __init__(self, access: DeviceAccess) -> None:
        self._access = access

    def verify(self, user: str, secret: str) -> Address | None:
        """Return whose credential it is, None where it is nobody's."""
        found = self._access.credentials.find(user)
        return Address(found.city, found.device) if found and found.verifier.accepts(secret) else None

    def issued(self, cities: Sequence[str] | None) -> list[CredentialEntry]:
        """Return all of some cities, of every city for None."""
        found = [one for one in self._access if cities is None or one.city in cities]
        return [CredentialEntry(one.city, one.device, one.user, one.issued_at) for one in found]

    def add(self, city: str, device: str) -> IssuedCredential:
        """Issue one; raises ApiError."""
        with _as_problems():
            return self._access.add(city, device)

    def rotate(self, city: str, device: str) -> IssuedCredential:
        """Replace the secret of one; raises ApiError."""
        with _as_problems():
            return self._access.rotate(city, device)

    def revoke(self, city: str, device: str) -> None:
        """Take one away; raises ApiError."""
        with _as_problems():
            self._access.revoke(city, device)


class RegisteredFiles:
    """City files for the interface (kpi_engine.api.administration.CityFiles); ``url`` is of who may register them."""

    def __init__(self, chosen: Settings, url: str) -> None:
        self._chosen, self._url = chosen, url

    def read(self, text: str, connection: Connection) -> City:
        """Return the city of a file; raises CityFileError with every fault."""
        return city_files.parse(text, "city file", factors.load(connection))

    def apply(self, city: City, *, losses: bool) -> CityChanges:
        """Register ``city``, unless it takes readings out of figures and ``losses`` is false; returns what it does."""
        with closing(connect(self._url, APPLICATION, REGISTERING)) as connection:
            ((_, found),) = city_registration.foreseen(connection, [city])
            if losses or not found.losses:
                city_registration.register(self._chosen, connection, [city])
            return found


@contextmanager
def _as_problems() -> Iterator[None]:
    """Say what the credentials refuse in the interface's own terms."""
    try:
        yield
    except CredentialExistsError as error:
        raise ConflictError(f"{error}. Nothing was changed") from error
    except NoCredentialError as error:
        raise NotFoundError(f"{error}. Nothing was changed") from error
    except CredentialError as error:
        raise invalid("device", f"{error}. Nothing was changed", "path") from error
