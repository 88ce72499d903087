"""Who may connect to the deployment's Mosquitto: our processes, and the devices that were given a secret.

services.json   verifiers of our processes' passwords; marks the folder as ours
devices.json    verifiers of devices' secrets
bound.json      what the bindings of registered cities allow whom
passwords       of devices, and
passwords-of-services   of our processes: what Mosquitto reads, which its container loads anew when it changes
rights          the same, what each of them may do
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from deploy.embedded import accounts
from deploy.embedded.accounts import Account, Verifier
from deploy.embedded.credentials import NO_BINDINGS, DeviceCredentials
from deploy.embedded.mosquitto import passwords, rights
from deploy.errors import CredentialError
from deploy.production.shared_file import write_shared
from ingest.model.binding_rights import BoundRight, Rights

FOLDER: Final = "mqtt"
PROBE: Final = "probe"
PROCESS: Final = "process"
UPTIME: Final = "$SYS/broker/uptime"  # what the health check asks for
_SERVICES: Final = "services.json"
_BOUND: Final = "bound.json"
_VERIFIERS: Final = TypeAdapter(dict[str, Verifier])


@dataclass(frozen=True)
class _Granted:
    """What bindings allow one credential."""

    city: str
    device: str
    bound: tuple[BoundRight, ...]
    is_device: bool


_GRANTED: Final = TypeAdapter(list[_Granted])


def _process(verifier: Verifier) -> Account:
    return accounts.announcer(verifier, PROCESS)


def _probe(verifier: Verifier) -> Account:
    return Account(PROBE, verifier, may_subscribe=(UPTIME,))


SERVICES: Final = {
    accounts.INGEST: accounts.ingest,
    PROCESS: _process,
    PROBE: _probe,
    accounts.PUBLISHER: accounts.publisher,
    accounts.READER: accounts.reader,
}


class MqttAccounts:
    """The accounts in a folder, which must exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.devices = DeviceCredentials(folder / "devices.json")

    def set_services(self, secrets: Mapping[str, str]) -> None:
        """Let our processes in with ``secrets`` by user, and render."""
        verifiers = {user: Verifier.of(secrets[user]) for user in SERVICES}
        write_shared(self._folder / _SERVICES, json.dumps({user: asdict(each) for user, each in verifiers.items()}))
        self.render()

    def grant(self, granted: Mapping[tuple[str, str], Rights]) -> None:
        """Keep what bindings allow whom, by city and native id, and render."""
        rows = [
            {"city": city, "device": device, "bound": rights.bound, "is_device": rights.is_device}
            for (city, device), rights in granted.items()
        ]
        write_shared(self._folder / _BOUND, json.dumps(rows))
        self.render()

    def render(self) -> None:
        """Write what Mosquitto reads; raises CredentialError when a file was damaged."""
        ours, theirs = self._services(), self.devices.accounts(self._granted())
        write_shared(self._folder / "rights", "\n".join(map(rights, [*ours, *theirs])))
        write_shared(self._folder / "passwords-of-services", passwords([one for one in ours if not one.is_device]))
        write_shared(self._folder / "passwords", passwords([*theirs, *(one for one in ours if one.is_device)]))
        if (devices := self._folder / "devices.json").exists() and os.geteuid() == 0:
            # Commands may run as root or in a container: what either has written, the other can change.
            owner = self._folder.stat()
            for path in (devices, devices.with_suffix(".lock")):
                os.chown(path, owner.st_uid, owner.st_gid)

    def _granted(self) -> Mapping[tuple[str, str], Rights]:
        try:
            rows = _GRANTED.validate_json((self._folder / _BOUND).read_text())
        except FileNotFoundError:
            return NO_BINDINGS
        except ValidationError as error:
            raise CredentialError(f"{self._folder / _BOUND} is damaged: {error}") from None
        return {(row.city, row.device): Rights(row.bound, row.is_device) for row in rows}

    def _services(self) -> list[Account]:
        try:
            verifiers = _VERIFIERS.validate_json((self._folder / _SERVICES).read_text())
        except ValidationError as error:
            raise CredentialError(f"{self._folder / _SERVICES} is damaged: {error}") from None
        return [account(verifiers[user]) for user, account in SERVICES.items()]


def found(data: Path) -> MqttAccounts | None:
    """Return the accounts of the deployment in the folder ``data``; None where there are none."""
    return MqttAccounts(data / FOLDER) if (data / FOLDER / _SERVICES).is_file() else None
