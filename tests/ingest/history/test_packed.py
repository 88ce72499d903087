"""Files that are packed: unpacked for as long as they are read, and no further than files of readings come to."""

import gzip
from pathlib import Path

import pytest

from ingest.errors import HistoryError
from ingest.history import packed


def test_a_file_is_unpacked_for_as_long_as_it_is_read(tmp_path: Path) -> None:
    rows = "time;kwh\n" + "".join(f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}T00:00:00Z;7.5\n" for n in range(60_000))
    path = tmp_path / "year.csv.gz"
    path.write_bytes(gzip.compress(rows.encode()))
    with packed.unpacked(path) as plain:
        assert (plain.name, plain.read_text()) == ("year.csv", rows)
    assert not plain.exists()


def test_what_unpacks_to_more_than_readings_is_refused_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "UNSUSPECTED", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * (6 << 20)))
    with pytest.raises(HistoryError, match=r"over 400 times its size.*nothing was read"), packed.unpacked(path):
        pass


@pytest.mark.parametrize("size", [10, 40, -4])
def test_half_a_file_is_refused_as_a_whole(tmp_path: Path, size: int) -> None:
    path = tmp_path / "half.csv.gz"
    path.write_bytes(gzip.compress(b"time;kwh\n2026-11-21T00:00:00Z;7.5\n2026-11-22T00:00:00Z;9.25\n")[:size])
    with pytest.raises(HistoryError, match=r"expected gzip.*nothing was read"), packed.unpacked(path):
        pass
