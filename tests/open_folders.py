"""Folders for the data of the servers of tests: in memory where there is room, which any account may enter.

A database of a test's own is a copy of six hundred files: on a disk's file system that takes twenty times the CPU that
it takes in memory, half a second on a busy machine. A folder carries the process of its test run in its name, so that
the next run removes what a killed one left in memory.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PREFIX: Final = "pharos-test-"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - names in it are of mkdtemp
SPARED: Final = 4 * 1024**3  # bytes that must be free there: servers of every worker, and a year of data


def in_memory(memory: Path = MEMORY, spared: int = SPARED) -> Path | None:
    """Return a folder in memory, or None where there is none, none with room, or none that lets programs run."""
    if not memory.is_dir() or os.statvfs(memory).f_flag & os.ST_NOEXEC or shutil.disk_usage(memory).free < spared:
        return None
    return memory


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a new folder, which is removed on leaving."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=in_memory()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def remove_left(memory: Path = MEMORY) -> None:
    """Remove from memory what runs left that were killed: folders of processes that are no more."""
    for folder in memory.glob(f"{PREFIX}*"):
        process = folder.name.removeprefix(PREFIX).split("-")[0]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)
