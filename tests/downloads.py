"""What tests get from registries, once per account of a machine; runs beside each other share it."""

import fcntl
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

FOLDER = Path.home() / ".cache" / "pharos-test"


def kept(name: str, get: Callable[[Path], str]) -> Path:
    """Return the folder ``name``, filled by ``get`` unless it was before.

    ``get`` returns why it failed, or nothing; the test is skipped with that reason.
    """
    folder, failed = _kept(name, get)
    if failed:
        pytest.skip(failed)
    return folder


@cache
def _kept(name: str, get: Callable[[Path], str]) -> tuple[Path, str]:
    """Do so; once per run, since a registry that did not answer would keep every test waiting."""
    return got(name, get)


def got(name: str, get: Callable[[Path], str]) -> tuple[Path, str]:
    """Return the folder ``name``, filled by ``get`` unless it was before, and why that failed, or nothing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder, failed = FOLDER / name, ""
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker or another run may be getting it
        if not folder.is_dir():
            made = FOLDER / f"{name}-{uuid4().hex}"
            made.mkdir()
            failed = get(made)
            if failed:
                shutil.rmtree(made)
            else:
                made.rename(folder)
    return folder, failed
