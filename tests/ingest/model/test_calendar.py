"""Civil time in the zones that break systems: hours partition days, days months, months years, all of it half-open."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, ceil, covering, edges, floor, following
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros

ZONES = [
    "Europe/Tallinn",
    "Europe/Copenhagen",
    "Asia/Kolkata",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Santiago",
]
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)).map(to_micros)  # noqa: DTZ001 - hypothesis wants naive bounds


def local(year: int, month: int, day: int, hour: int, zone: str, *, fold: int = 0) -> int:
    return to_micros(datetime(year, month, day, hour, tzinfo=ZoneInfo(zone), fold=fold))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Copenhagen", (2024, 3, 31), 23.0),
        ("Europe/Copenhagen", (2024, 10, 27), 25.0),
        ("Europe/Tallinn", (2024, 3, 31), 23.0),
        ("America/St_Johns", (2024, 11, 3), 25.0),
        ("Australia/Lord_Howe", (2024, 4, 7), 24.5),
        ("Australia/Lord_Howe", (2024, 10, 6), 23.5),
        ("Asia/Kolkata", (2024, 3, 31), 24.0),
        ("America/Santiago", (2024, 9, 8), 23.0),
    ],
)
def test_a_civil_day_has_its_real_length(zone: str, day: tuple[int, int, int], hours: float) -> None:
    noon = local(*day, 12, zone)
    start = floor(noon, Period.DAY, zone)
    assert (following(start, Period.DAY, zone) - start) / HOUR == hours


def test_a_day_whose_midnight_does_not_exist_starts_at_its_first_instant() -> None:
    start = floor(local(2024, 9, 8, 12, "America/Santiago"), Period.DAY, "America/Santiago")
    assert from_micros(start).astimezone(ZoneInfo("America/Santiago")).isoformat() == "2024-09-08T01:00:00-03:00"


def test_a_half_hour_zone_has_its_hours_at_half_past() -> None:
    assert from_micros(floor(local(2024, 1, 1, 12, "Asia/Kolkata"), Period.HOUR, "Asia/Kolkata")).minute == 30


def test_a_shift_of_thirty_minutes_makes_one_bucket_of_thirty_minutes() -> None:
    start = local(2024, 4, 6, 12, "Australia/Lord_Howe")
    lengths = np.diff(edges(start, start + DAY, Period.HOUR, "Australia/Lord_Howe"))
    assert sorted(set(lengths.tolist())) == [30 * MINUTE, HOUR]
    assert lengths.tolist().count(30 * MINUTE) == 1


@given(zone=st.sampled_from(ZONES), start=INSTANTS, days=st.integers(1, 500))
def test_shorter_periods_partition_longer_ones(zone: str, start: int, days: int) -> None:
    finer = [edges(start, start + days * DAY, period, zone) for period in Period]
    for shorter, longer in pairwise(finer):
        inside = longer[(longer >= shorter[0]) & (longer <= shorter[-1])]
        assert np.isin(inside, shorter).all()
        assert (np.diff(shorter) > 0).all()


@pytest.mark.parametrize("period", list(Period))
@given(instant=INSTANTS, zone=st.sampled_from(ZONES))
def test_every_instant_lies_in_exactly_the_period_it_is_floored_to(period: Period, instant: int, zone: str) -> None:
    start = floor(instant, period, zone)
    end = following(start, period, zone)
    assert start <= instant < end
    assert floor(end - 1, period, zone) == start
    assert floor(end, period, zone) == end
    assert ceil(start, period, zone) == start
    assert ceil(start + 1, period, zone) == end


@given(instant=INSTANTS, zone=st.sampled_from(ZONES), period=st.sampled_from(list(Period)))
def test_the_edges_around_an_interval_cover_its_end(instant: int, zone: str, period: Period) -> None:
    found = covering(instant, instant + 40 * DAY, period, zone)
    assert found[0] <= instant
    assert found[-1] > instant + 40 * DAY
    assert floor(instant, period, zone) in found


def test_an_empty_interval_has_no_edges() -> None:
    with pytest.raises(ValueError, match="end > start"):
        edges(0, 0, Period.DAY, "UTC")
