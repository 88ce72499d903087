"""Starting and ending processes so that none outlives the program that started it.

On Linux a child asks the kernel for a signal when its starter dies (PR_SET_PDEATHSIG), so even a kill -9 of the
supervisor ends its children. The kernel ties that to the starting *thread*: start children from the main thread
only. Elsewhere what is left over is found and ended at the next start.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.identity import AS_STARTED, Identity

PR_SET_PDEATHSIG = 1

#: Signals to try in turn, each with the seconds to wait for the end.
Stages = Sequence[tuple[signal.Signals, float]]

GENTLY: Stages = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Program:
    """A program to run: its command, the file its output is appended to, and in which circumstances.

    ``environment`` None is our own; ``death_signal`` is what it gets when its starter dies.
    """

    command: Sequence[str | Path]
    log: Path
    identity: Identity = AS_STARTED
    directory: Path | None = None
    environment: Mapping[str, str] | None = None
    death_signal: signal.Signals = signal.SIGTERM


class Child:
    """What starts one process, maybe again and again, and knows how the newest of them does."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 when it was never started."""
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll() if self._process else 0

    @property
    def cpu_seconds(self) -> float | None:
        """How long it has computed; None where the system does not tell, or when it does not run."""
        return cpu_seconds(self.pid) if self.exit_code is None else None


def cpu_seconds(pid: int) -> float | None:
    """Return how long process ``pid`` has computed since it began; None where there is none, or no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    user, system = stat.rpartition(")")[2].split()[11:13]  # the name before may hold anything
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start ``program`` in a process group of its own and return its handle.

    Its own group keeps the terminal's Ctrl-C away from it: whoever started it decides the order of the end.
    Raises OSError when the program cannot be run.
    """
    program.log.parent.mkdir(parents=True, exist_ok=True)
    identity = program.identity
    with program.log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell, no input from outside
            [*identity.prefix, *program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=program.directory,
            env=None if program.environment is None else dict(program.environment),
            user=identity.user,
            group=identity.group,
            extra_groups=identity.extra_groups,
            process_group=0,
            preexec_fn=_die_with_starter(program.death_signal),  # noqa: PLW1509 - one system call, from the main thread
        )


def end(process: subprocess.Popen[bytes], stages: Stages = GENTLY) -> int:
    """End ``process`` with each signal in turn until it is gone; return its exit code."""
    for number, patience in stages:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    return process.wait(5.0)


def last_lines(log: Path, count: int = 5) -> str:
    """Return the last lines of ``log``: what a process said before it ended."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-count:]) or "it said nothing"


def _die_with_starter(death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    control = ctypes.CDLL(None, use_errno=True).prctl
    starter = os.getpid()

    def arrange() -> None:
        control(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != starter:  # it died before the request was made
            os._exit(1)

    return arrange
