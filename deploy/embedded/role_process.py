"""One of our own roles as a child process: ``pharos <role>``, told everything by its environment and nothing else."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.embedded import orphan_processes, process
from deploy.settings import PREFIX


def role_of(name: str) -> str:
    """Return the role of a process: of kpi-2, which is the second one, kpi."""
    return name.partition("-")[0]


class RoleProcess(process.Child):
    """The role ``name``, such as kpi, or kpi-2 for a second one; it works in ``directory`` and writes to ``log``."""

    def __init__(self, name: str, settings: Callable[[], Mapping[str, str]], directory: Path, log: Path) -> None:
        """Ask ``settings`` for the role's own at each start: addresses may change. Those of this process are hidden."""
        super().__init__()
        self.name = name
        self.log = log
        self._directory = directory
        self._settings = settings
        self.started = 0.0  # time.monotonic

    def start(self) -> None:
        """Start it, after ending one that a killed supervisor left; it gets ready by itself."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        orphan_processes.end(orphan_processes.working_in(self._directory, Path(sys.executable)), process.GENTLY)
        command = [sys.executable, "-P", "-m", "deploy", role_of(self.name)]
        ours = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        environment = {**ours, **self._settings()}
        self.started = time.monotonic()
        self._process = process.spawn(
            process.Program(command, self.log, directory=self._directory, environment=environment)
        )

    def launch(self) -> None:
        """Start it: that takes no time."""
        self.start()

    def is_up(self) -> bool:
        """Tell that it runs; whether it can do its work, it says itself."""
        return True

    def kill(self) -> None:
        """End it at once, since it hangs: what it had in hand was not acknowledged and comes again."""
        if self._process:
            self._process.kill()

    def stop(self) -> None:
        """Ask it to end what it is doing, and return when it is gone."""
        if self._process:
            process.end(self._process)
