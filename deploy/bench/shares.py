"""What each part of a stack takes of the machine: seconds of processor and memory, as /proc of Linux tells them.

A session of PostgreSQL is told apart by its application, what has none by what it is for. Those that ended
stand together. Elsewhere than on Linux nothing is told.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.embedded.throwaway import Throwaway
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

PROC: Final = Path("/proc")
SERVER: Final = "PostgreSQL"
TICKS: Final = 100.0  # a second; of /proc, on every Linux
OWN: Final = (11, 12)  # user and system, behind the name of the program
OF_ENDED: Final = (13, 14)  # likewise, of the children that ended


@dataclass(frozen=True)
class Share:
    """Seconds of processor within some time, and MiB of memory at its end; memory shared by several is divided."""

    cpu_seconds: float
    memory_mib: float


class Shares:
    """The parts of ``running`` from construction on; ``connection`` is to be in autocommit, and is not counted."""

    def __init__(self, running: Throwaway, connection: Connection) -> None:
        self._running, self._connection = running, connection
        self._before = self._spent()

    def taken(self) -> dict[str, Share]:
        """Return what each part has taken since."""
        spent = self._spent()
        memory = self._memory()
        return {
            part: Share(max(0.0, seconds - self._before.get(part, 0.0)), memory.get(part, 0.0))
            for part, seconds in sorted(spent.items())
        }

    def _spent(self) -> dict[str, float]:
        spent: defaultdict[str, float] = defaultdict(float)
        for name, pid in self._processes().items():
            spent[name] += _cpu_seconds(pid, OWN if name == SERVER else OWN + OF_ENDED)
            if name == SERVER:
                spent[f"{SERVER}: sessions that ended"] += _cpu_seconds(pid, OF_ENDED)
        for name, pid in self._sessions():
            spent[name] += _cpu_seconds(pid, OWN)
        return spent

    def _memory(self) -> dict[str, float]:
        held: defaultdict[str, float] = defaultdict(float)
        for name, pid in [*self._processes().items(), *self._sessions()]:
            held[name] += _memory_mib(pid)
        return held

    def _processes(self) -> Mapping[str, int]:
        return {part.name: part.pid for part in self._running.supervisor.parts if part.pid}

    def _sessions(self) -> list[tuple[str, int]]:
        return [(f"{SERVER}: {name}", pid) for name, pid in self._connection.execute(SQL["sessions"])]


def _cpu_seconds(pid: int, fields: tuple[int, ...]) -> float:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0.0
    columns = stat.rpartition(")")[2].split()  # the name before may hold anything
    return sum(int(columns[field]) for field in fields) / TICKS


def _memory_mib(pid: int) -> float:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
