"""The credentials of the broker's users: passwords of our own processes, and a secret for each device, shown once.

Devices are kept in a file of the data folder, as hashes. A running stack notices a change of that file by itself, so
whoever changes it needs no more than the right to write it.
"""

import fcntl
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter, ValidationError

from deploy.embedded import accounts
from deploy.embedded.accounts import NATIVE, Account, Verifier
from deploy.embedded.folder import write_private
from deploy.errors import CredentialError, CredentialExistsError, NoCredentialError
from ingest.model.binding_rights import Rights
from ingest.model.city.assets import Name, NativeId

_CITY: TypeAdapter[str] = TypeAdapter(Name)
_DEVICE: TypeAdapter[str] = TypeAdapter(NativeId)
NO_BINDINGS: Final[Mapping[tuple[str, str], Rights]] = MappingProxyType({})


@dataclass(frozen=True)
class DeviceCredential:
    """The credential of one device, by its native id; ``issued_at`` is when its present secret was issued, RFC 3339.

    ``anywhere``: until a binding places it, it may speak on every topic that is nobody's.
    """

    city: str
    device: str
    issued_at: str
    verifier: Verifier
    anywhere: bool = False

    @property
    def user(self) -> str:
        """The user name with which the device connects."""
        return accounts.device_user(self.city, self.device)


_CREDENTIALS = TypeAdapter(list[DeviceCredential])


class DeviceCredentials:
    """The devices that may connect, in the file ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, Mapping[str, DeviceCredential]] = -1, {}

    def __iter__(self) -> Iterator[DeviceCredential]:
        """Yield every credential, by user name; raises CredentialError when the file was damaged."""
        try:
            text = self._path.read_text()
        except FileNotFoundError:
            return
        try:
            credentials = _CREDENTIALS.validate_json(text)
        except ValidationError as error:
            raise CredentialError(f"{self._path} is damaged: {error}") from None
        yield from sorted(credentials, key=lambda each: each.user)

    def find(self, user: str) -> DeviceCredential | None:
        """Return the credential of a user name, None where there is none; the file is read when it has changed."""
        version, known = self._known
        if (now := self.version()) != version:
            known = {each.user: each for each in self}
            self._known = now, known
        return known.get(user)

    def add(self, city: str, device: str, *, anywhere: bool = False) -> str:
        """Issue a secret to the device of a native id and return it: it is nowhere stored.

        ``anywhere``: it may speak on topics that are nobody's until a binding places it.
        Raises CredentialError when it has one, or when a name is none that can stand in a topic.
        """
        _require(_CITY, city, "no name of a city; expected lower-case letters, digits, - and _, as in the city file")
        _require(_DEVICE, device, "no native id of a device; expected letters, digits, -, _ and :, as in the city file")
        with self._changing() as credentials:
            user = accounts.device_user(city, device)
            if user in credentials:
                issued_at = credentials[user].issued_at
                raise CredentialExistsError(f"{user} has a credential since {issued_at}; rotate it instead")
            return _issue(credentials, city, device, anywhere=anywhere)

    def rotate(self, city: str, device: str) -> str:
        """Replace a device's secret and return the new one; raises CredentialError when it has none.

        It may speak anywhere no longer.
        """
        with self._changing() as credentials:
            _require_known(credentials, city, device)
            return _issue(credentials, city, device, anywhere=False)

    def revoke(self, city: str, device: str) -> None:
        """Take a device's credential away; raises CredentialError when it has none."""
        with self._changing() as credentials:
            _require_known(credentials, city, device)
            del credentials[accounts.device_user(city, device)]

    def accounts(self, granted: Mapping[tuple[str, str], Rights] = NO_BINDINGS) -> list[Account]:
        """Return the broker's accounts of all devices; ``granted`` by city and native id, what bindings allow them."""
        bound = tuple(dict.fromkeys(right.listened for rights in granted.values() for right in rights.bound))
        return [
            accounts.unplaced(each.city, each.device, each.verifier, bound)
            if each.anywhere and (each.city, each.device) not in granted
            else accounts.device(each.city, each.device, each.verifier, granted.get((each.city, each.device), NATIVE))
            for each in self
        ]

    def version(self) -> int:
        """Return a number that changes when the file does."""
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    @contextmanager
    def _changing(self) -> Iterator[dict[str, DeviceCredential]]:
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            credentials = {each.user: each for each in self}
            yield credentials
            write_private(self._path, json.dumps([asdict(each) for each in credentials.values()], indent=1))


def service_secrets(path: Path) -> dict[str, str]:
    """Return the broker passwords of our own processes by user, as ``kept_secrets`` does."""
    return kept_secrets(path, _SERVICES)


def kept_secrets(path: Path, users: Collection[str]) -> dict[str, str]:
    """Return the passwords of ``users``; what is missing is made and kept in ``path``, for its owner only."""
    secrets: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if missing := set(users) - secrets.keys():
        secrets |= {user: accounts.new_secret() for user in missing}
        write_private(path, json.dumps(secrets))
    return secrets


def service_accounts(secrets: dict[str, str]) -> list[Account]:
    """Return the broker's accounts of our own processes."""
    return [account(Verifier.of(secrets[user])) for user, account in _SERVICES.items()]


_SERVICES: dict[str, Callable[[Verifier], Account]] = {
    accounts.INGEST: accounts.ingest,
    accounts.ANNOUNCER: accounts.announcer,
    accounts.SIMULATOR: accounts.simulator,
    accounts.INBOX: accounts.inbox,
    accounts.PUBLISHER: accounts.publisher,
    accounts.READER: accounts.reader,
}


def _issue(credentials: dict[str, DeviceCredential], city: str, device: str, *, anywhere: bool) -> str:
    secret = accounts.new_secret()
    issued_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    user, verifier = accounts.device_user(city, device), Verifier.of(secret)
    credentials[user] = DeviceCredential(city, device, issued_at, verifier, anywhere)
    return secret


def _require_known(credentials: dict[str, DeviceCredential], city: str, device: str) -> None:
    user = accounts.device_user(city, device)
    if user not in credentials:
        raise NoCredentialError(f"{user} has no credential; see: pharos device list")


def _require(form: TypeAdapter[str], given: str, otherwise: str) -> None:
    try:
        form.validate_python(given)
    except ValidationError:
        raise CredentialError(f"{given!r} is {otherwise}") from None
