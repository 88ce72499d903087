"""What the roles say of themselves, asked every few seconds by one that tells it on: to the console, or to alarms."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy import settings
from deploy.periodic import Every
from deploy.settings import Address
from deploy.status import Roles, Standing

EVERY_SECONDS = 5.0


class Whereabouts:
    """Where the roles listen: by the settings, read again when a running stack on the folder ``data`` wrote others."""

    def __init__(self, data: Path) -> None:
        self._file = settings.running_stack(data)
        self._read: tuple[int, int] | None = None
        self._roles: Mapping[str, Address] | None = None

    def __call__(self) -> Mapping[str, Address]:
        """Return the addresses by name of the role; raises SettingsError."""
        written = None
        with suppress(FileNotFoundError):
            found = self._file.stat()
            written = found.st_mtime_ns, found.st_ino
        if self._roles is None or written != self._read:
            self._roles, self._read = settings.load(self._file.parent).roles, written
        return self._roles


class RoleWatch:
    """Asks the roles that ``addresses`` returns, which may move, from construction to ``close``."""

    def __init__(self, addresses: Callable[[], Mapping[str, Address]], every: float = EVERY_SECONDS) -> None:
        self._addresses = addresses
        self._asked = Roles()
        self._standings: Sequence[Standing] = ()
        self._every = Every(every, self._ask)

    def __call__(self) -> Sequence[Standing]:
        """Return how each role stood when it was asked last; nothing before that."""
        return self._standings

    def close(self) -> None:
        """Ask no more."""
        self._every.close()
        self._asked.close()

    def _ask(self) -> None:
        self._standings = self._asked.ask(self._addresses())
