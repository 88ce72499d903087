"""Stretches of time as the largest whole civil buckets."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, edges
from ingest.model.time import DAY, HOUR, MINUTE
from kpi_engine.formulas.bucket_cover import tiles

ZONES = ("Europe/Copenhagen", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago")
SPRING_2026 = 1_767_225_600_000_000  # 2026-01-01T00:00Z


@given(
    zone=st.sampled_from(ZONES),
    first=st.integers(0, 400 * 24),
    length=st.integers(1, 400 * 24),
)
def test_tiles_fill_the_stretch_without_gap_or_overlap(zone: str, first: int, length: int) -> None:
    begin = SPRING_2026 + first * HOUR
    hours = edges(begin, begin + length * HOUR, Period.HOUR, zone).tolist()
    found = tiles(hours[0], hours[-1], zone)

    assert found[0].bucket == hours[0]
    assert found[-1].bucket_end == hours[-1]
    assert all(before.bucket_end == after.bucket for before, after in pairwise(found))
    assert sum(tile.period is Period.HOUR for tile in found) <= 2 * 25
    assert sum(tile.period is Period.DAY for tile in found) <= 2 * 31


@pytest.mark.parametrize("period", [Period.HOUR, Period.DAY, Period.MONTH])
def test_a_civil_bucket_is_its_own_tile(period: Period) -> None:
    start, end = edges(SPRING_2026, SPRING_2026 + MINUTE, period, "Europe/Copenhagen").tolist()

    assert [tile.period for tile in tiles(start, end, "Europe/Copenhagen")] == [period]


def test_a_year_is_twelve_months() -> None:
    start, end = edges(SPRING_2026 + DAY, SPRING_2026 + 2 * DAY, Period.YEAR, "Europe/Copenhagen").tolist()

    assert [tile.period for tile in tiles(start, end, "Europe/Copenhagen")] == [Period.MONTH] * 12


def test_edges_within_an_hour_are_refused() -> None:
    with pytest.raises(ValueError, match="civil hours"):
        tiles(SPRING_2026 + MINUTE, SPRING_2026 + HOUR, "Europe/Copenhagen")


def test_an_empty_stretch_has_no_tiles() -> None:
    assert tiles(SPRING_2026, SPRING_2026, "Europe/Copenhagen") == ()
