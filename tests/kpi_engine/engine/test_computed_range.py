"""Extents: how far a subject's figures reach, and what becomes due as they grow."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, edges, following
from ingest.model.time import DAY, HOUR, MINUTE
from kpi_engine.engine.computed_range import Extent, grown, horizon, overlapping, touched
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import Subject
from tests import towns

ZONES = ("Europe/Copenhagen", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago")
CITY = towns.city(name="town", sites={"house": {"vertical": "buildings"}})
DEFINITION = {"zone": "Europe/Copenhagen"}
NEW_YEAR = 1_767_222_000_000_000  # 2026-01-01T00:00 in Copenhagen


@pytest.mark.parametrize(("minutes", "hours"), [(0, -1), (14, -1), (15, 0), (74, 0), (75, 1)])
def test_the_horizon_follows_the_civil_hour_after_a_quarter_of_grace(minutes: int, hours: int) -> None:
    assert horizon(NEW_YEAR + minutes * MINUTE, "Europe/Copenhagen") == NEW_YEAR + hours * HOUR


def test_a_half_hour_zone_has_its_horizon_at_half_hours() -> None:
    assert horizon(NEW_YEAR + 50 * MINUTE, "Asia/Kolkata") == NEW_YEAR + 30 * MINUTE


def test_there_is_no_extent_before_there_are_data_and_time_has_passed() -> None:
    assert grown(None, None, NEW_YEAR, DEFINITION) is None
    assert grown(None, NEW_YEAR, NEW_YEAR, DEFINITION) is None


def test_an_extent_grows_both_ways_and_never_shrinks() -> None:
    old = Extent(NEW_YEAR, NEW_YEAR + DAY, DEFINITION)

    assert grown(old, NEW_YEAR - DAY, NEW_YEAR + 2 * DAY, DEFINITION) == Extent(
        NEW_YEAR - DAY, NEW_YEAR + 2 * DAY, DEFINITION
    )
    assert grown(old, NEW_YEAR + HOUR, NEW_YEAR, DEFINITION) == old


@given(zone=st.sampled_from(ZONES), start=st.integers(0, 800 * 24), length=st.integers(1, 400 * 24))
def test_every_overlapping_period_is_found_and_no_other(zone: str, start: int, length: int) -> None:
    begin, end = NEW_YEAR + start * HOUR, NEW_YEAR + (start + length) * HOUR
    for period in (Period.DAY, Period.MONTH, Period.YEAR):
        found = list(overlapping((begin, end), period, zone))

        assert [first for first, _ in found] == edges(begin, end, period, zone).tolist()[:-1]
        assert all(last == following(first, period, zone) for first, last in found)
        assert all(first < end and last > begin for first, last in found)


def test_late_data_touch_only_the_periods_an_indicator_has() -> None:
    yearly = replace(INDICATORS["heat_delivered"], periods=(Period.YEAR,))
    subject = Subject(CITY, 1, None, None, {}, {})
    found = touched(subject, [yearly], Extent(NEW_YEAR, NEW_YEAR + DAY, DEFINITION), (NEW_YEAR, NEW_YEAR + HOUR))

    assert [(key.kpi, key.period, key.start) for key in found] == [("heat_delivered", Period.YEAR, NEW_YEAR)]


def test_nothing_overlaps_an_empty_stretch() -> None:
    assert list(overlapping((NEW_YEAR, NEW_YEAR), Period.DAY, "Europe/Copenhagen")) == []


def test_what_is_stated_of_days_before_the_first_reading_touches_the_periods_that_hold_it() -> None:
    heat = INDICATORS["heat_delivered"]
    subject = Subject(CITY, 1, None, None, {}, {})
    since_the_20th = Extent(NEW_YEAR + 19 * DAY, NEW_YEAR + 40 * DAY, DEFINITION)
    found = touched(subject, [heat], since_the_20th, (NEW_YEAR - 30 * DAY, NEW_YEAR + 10 * DAY))

    assert {(key.period, key.start) for key in found} == {(Period.MONTH, NEW_YEAR), (Period.YEAR, NEW_YEAR)}
