"""What work costs: seconds on the clock, and of the processor, ours and of the session of a server on this machine."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from processors.storage.database import Connection


@dataclass(frozen=True)
class Spent:
    """Seconds: ``wall`` passes faster for nobody on a busy machine, ``cpu`` is what the work itself takes."""

    wall: float
    cpu: float

    def beside(self, ceiling: "Spent") -> str:
        """Say it, with the ratio to what the ceiling took."""
        return f"{self.wall:.3f} s, of CPU {self.cpu:.3f} s ({self.cpu / ceiling.cpu:.1f})"


def spent(connection: Connection, work: Callable[[], object]) -> Spent:
    """Do ``work`` with ``connection`` and return what it cost."""
    wall, cpu = perf_counter(), process_time() + _of_session(connection)
    work()
    return Spent(perf_counter() - wall, process_time() + _of_session(connection) - cpu)


def _of_session(connection: Connection) -> float:
    """Return the processor's seconds of the server's process so far; 0 where it is on another machine."""
    return processor_seconds(connection.info.backend_pid)


def processor_seconds(process: int) -> float:
    """Return what a process of this machine has taken of the processor so far [s]; 0 where there is none."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
