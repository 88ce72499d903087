"""Free room on the disk of a folder: told before it is gone, since nothing can be stored, or even asked for, then."""

import shutil
from pathlib import Path
from typing import Final

from prometheus_client import Gauge

LEAST_BYTES: Final = 2**30
LEAST_SHARE: Final = 0.05

FREE = Gauge("pharos_disk_free_bytes", "Free room on the disk that holds the role's folder.")
SIZE = Gauge("pharos_disk_size_bytes", "Size of the disk that holds the role's folder.")


def watch(folder: Path) -> None:
    """Tell Prometheus from now on how much room the disk of ``folder`` has."""
    FREE.set_function(lambda: float(_usage(folder).free))
    SIZE.set_function(lambda: float(_usage(folder).total))


def shortage(folder: Path) -> str | None:
    """Return a sentence where less than 1 GiB, or less than a twentieth of a smaller disk, is free; else None."""
    usage = _usage(folder)
    least = min(LEAST_BYTES, int(LEAST_SHARE * usage.total))
    if usage.free >= least:
        return None
    return f"the disk of {folder} has less than {least / 2**20:,.0f} MiB left: when it is full nothing can be stored"


def _usage(folder: Path) -> "shutil._ntuple_diskusage":
    present = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(present)
