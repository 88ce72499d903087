"""What a killed supervisor may have left running: processes recognised by what they are and where they work.

A process number in a file proves nothing, it may belong to a stranger by now; the working folder and the program do
(the folder alone would take the operator's shell for ours). A zombie counts as gone: in a container without a reaping
init it stays for ever.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from deploy.embedded.process import Stages

PROC = Path("/proc")
POLL_SECONDS = 0.02


def running(pid: int) -> bool:
    """Tell whether process ``pid`` exists and is more than a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def working_in(folder: Path, program: Path, recorded: int | None = None) -> list[int]:
    """Return the processes that run ``program`` with ``folder`` as working folder.

    Without /proc only ``recorded`` is looked at (a number found in a file of that folder); it counts when its
    command line names the folder.
    """
    if not PROC.is_dir():
        return [recorded] if recorded is not None and str(folder) in _command(recorded) else []
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _works_in(entry, folder.resolve(), program)
    ]


def end(pids: list[int], stages: Stages) -> list[int]:
    """Signal ``pids`` with each stage in turn until all are gone; return those that are still there."""
    left = [pid for pid in pids if running(pid)]
    for number, patience in stages:
        _signal(left, number)
        deadline = time.monotonic() + patience
        while left and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            left = [pid for pid in left if running(pid)]
    return left


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _works_in(entry: Path, folder: Path, program: Path) -> bool:
    try:
        # By name only: a program that was updated or removed since reads "/path/program (deleted)".
        running_program = (entry / "exe").readlink().name.removesuffix(" (deleted)")
        return (entry / "cwd").readlink() == folder and running_program == program.resolve().name
    except OSError:
        return False


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _command(pid: int) -> str:
    listing = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout  # noqa: S603 - constant command
