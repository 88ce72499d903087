"""Free room is told to Prometheus, and a shortage in words before the disk is full."""

import shutil
from pathlib import Path
from shutil import _ntuple_diskusage as usage

import pytest
from prometheus_client import REGISTRY

from deploy import disk

GIB = 2**30


@pytest.mark.parametrize(
    ("total", "free", "least"), [(100 * GIB, GIB - 1, "1,024"), (GIB, GIB // 20 - 1, "51"), (100 * GIB, GIB, None)]
)
def test_a_shortage_is_a_gibibyte_or_a_twentieth_of_a_smaller_disk(
    total: int, free: int, least: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(total, total - free, free))
    told = disk.shortage(Path("/data"))
    expected = f"the disk of /data has less than {least} MiB left: when it is full nothing can be stored"
    assert told == (expected if least else None)


def test_room_is_told_of_a_folder_that_is_yet_to_be_made(tmp_path: Path) -> None:
    disk.watch(tmp_path / "not" / "yet")
    free = REGISTRY.get_sample_value("pharos_disk_free_bytes")
    size = REGISTRY.get_sample_value("pharos_disk_size_bytes")
    assert free is not None
    assert size is not None
    assert 0 < free <= size
