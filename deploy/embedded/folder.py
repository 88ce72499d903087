"""The data folder of an embedded stack: what lies where, who may read it, and that one stack at a time owns it.

pharos.lock      held while a stack runs; its text says which. Also marks the folder as ours.
pharos.env       addresses and credentials while a stack runs, for commands started beside it
console-token    the first administrator's token for console and HTTP
services.json    passwords of our own processes at the broker
database.json    passwords of the database's roles, by user
devices.json     credentials of devices, as hashes
postgres/, nats/ or mosquitto/, logs/, run/
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.errors import AlreadyRunningError, DeployError, ForeignFolderError

LOCK = "pharos.lock"
# Not closed altogether: servers that root runs under another account have folders of their own in it.
ENTERED_BY_ANY_ACCOUNT = 0o711


class DataFolder:
    """One data folder, made when it does not exist."""

    def __init__(self, root: Path) -> None:
        """Take ``root`` as data folder.

        Raises ForeignFolderError when it holds something that is not ours, DeployError when it cannot be written to.
        """
        self.root = root.resolve()
        self.console_token = self.root / "console-token"
        self.services = self.root / "services.json"
        self.database = self.root / "database.json"
        self.devices = self.root / "devices.json"
        self.logs = self.root / "logs"
        self.run = self.root / "run"
        try:
            self._make()
        except OSError as error:
            raise DeployError(
                f"{self.root} cannot be used as data folder: {error.strerror}. Choose another with --data"
            ) from None

    def log_of(self, part: str) -> Path:
        """Return the log file of a part of the stack."""
        return self.logs / f"{part}.log"

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Own the folder until the end of the block or of this process, whichever comes first.

        Raises AlreadyRunningError naming the stack that owns it.
        """
        with (self.root / LOCK).open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = (self.root / LOCK).read_text().strip() or "just starting"
                raise AlreadyRunningError(
                    f"a Pharos already runs on {self.root} ({owner}); stop it with Ctrl-C there, "
                    "or choose another folder with --data"
                ) from None
            self.describe(f"process {os.getpid()}")
            yield

    def describe(self, owner: str) -> None:
        """Say in the lock file which stack owns the folder."""
        (self.root / LOCK).write_text(f"{owner}\n")

    def _make(self) -> None:
        if self.root.is_dir() and any(self.root.iterdir()) and not is_data_folder(self.root):
            raise ForeignFolderError(
                f"{self.root} is not empty and was not made by Pharos; expected an empty or new folder. "
                "Nothing was changed."
            )
        self.root.mkdir(mode=ENTERED_BY_ANY_ACCOUNT, parents=True, exist_ok=True)
        (self.root / LOCK).touch(mode=0o600)
        for folder in (self.logs, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)


def is_data_folder(path: Path) -> bool:
    """Tell whether ``path`` is a data folder that a stack has made."""
    return (path / LOCK).is_file()


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` by a file with ``text`` that only its owner may read; a reader sees the old or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)
