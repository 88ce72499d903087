"""A whole stack in a temporary folder, for proofs that kill it or measure it; nothing of it is left afterwards.

It is told everything and reads no PHAROS_* variable, so it can never reach another database or broker.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, cast

from deploy.embedded import accounts, ports
from deploy.embedded.credentials import service_secrets
from deploy.embedded.folder import DataFolder
from deploy.embedded.stack import DATABASE, Stack
from deploy.embedded.supervisor import Announce, Part, Supervisor
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.errors import DeployError
from deploy.settings import Address

LOOK_SECONDS: Final = 0.05


class KillablePart(Part, Protocol):
    """A part whose process can be named."""

    @property
    def pid(self) -> int:
        """Its process id; 0 when it was never started."""


class RecordingSupervisor(Supervisor):
    """A supervisor that says what it was given to watch."""

    def __init__(self, announce: Announce) -> None:
        super().__init__(announce)
        self.parts: list[KillablePart] = []

    def start(self, part: Part) -> None:
        """Start ``part`` and note it."""
        super().start(part)
        self.parts.append(cast(KillablePart, part))  # every part of a stack is one


@dataclass(frozen=True)
class Throwaway:
    """A running stack: call ``look`` often, from the thread that made it."""

    stack: Stack
    supervisor: RecordingSupervisor
    mqtt_url: str
    announced: list[str] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        """Where its database is now: after a restart the port may be another."""
        return self.stack.postgres.url(DATABASE)

    def look(self) -> None:
        """Start again what has died, and tell the roles when the database moved."""
        self.supervisor.look()
        self.stack.follow_database()

    def reaches(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Look after it until something is so; returns whether that came within ``seconds``."""
        deadline = time.monotonic() + seconds
        while not reached():
            self.look()
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def wait(self, reached: Callable[[], bool], what: str, seconds: float) -> None:
        """Look after it until something is so; raises DeployError, with what hinders, when that takes too long."""
        if not self.reaches(reached, seconds):
            raise DeployError(f"waited {seconds:.0f} s in vain for {what}: {self.unrest()}")

    def unrest(self) -> str:
        """Return why a role is not ready, and what was said last."""
        causes = "; ".join(f"{role}: {cause}" for role, cause in self.stack.causes().items())
        return f"{causes or 'every role is ready'}. Last said: {' '.join(self.announced[-5:])}"


@contextmanager
def throwaway(city_file: str, broker: BrokerKind = BrokerKind.NATS) -> Iterator[Throwaway]:
    """Run a stack for the one city of ``city_file`` (its text) until the end of the block."""
    root = Path(tempfile.mkdtemp(prefix="pharos-"))
    root.chmod(0o711)  # servers that root runs under another account have folders in it
    (root / "city.yaml").write_text(city_file, encoding="utf-8")
    folder, announced = DataFolder(root / "data"), list[str]()
    supervisor = RecordingSupervisor(announced.append)
    try:
        with folder.owned():
            http, mqtt = (Address("127.0.0.1", port) for port in ports.several(2))  # several stacks may start at once
            stack = Stack(folder, Wishes(http, mqtt, broker, (root / "city.yaml",)), announced.append)
            try:
                stack.start(supervisor)
                secret = service_secrets(folder.services)[accounts.SIMULATOR]
                url = f"mqtt://{accounts.SIMULATOR}:{secret}@{stack.broker.inner}"
                yield Throwaway(stack, supervisor, url, announced)
            finally:
                stack.rest()
                supervisor.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)
