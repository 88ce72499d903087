"""How often a device reports, as written: a time, or whole days or months of the calendar."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ingest.model.expected_interval import Expected, ExpectedInterval
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros

FROM_FILE: TypeAdapter[ExpectedInterval] = TypeAdapter(Expected)


def at(text: str, zone: str) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT15M", ExpectedInterval(elapsed=15 * MINUTE)),
        ("PT24H", ExpectedInterval(elapsed=DAY)),
        ("P1DT12H", ExpectedInterval(elapsed=36 * HOUR)),
        ("P1D", ExpectedInterval(days=1)),
        ("P2W", ExpectedInterval(days=14)),
        ("P1M", ExpectedInterval(months=1)),
        ("P1Y6M", ExpectedInterval(months=18)),
    ],
)
def test_it_is_what_it_is_written_as(text: str, expected: ExpectedInterval) -> None:
    assert FROM_FILE.validate_python(text) == expected


@pytest.mark.parametrize("text", ["P1M2D", "P1MT1H", "P0D", "PT0S", "P1", "a day", "-P1D", "", 5, None])
def test_what_has_no_length_is_refused_with_what_would_have(text: object) -> None:
    with pytest.raises(ValidationError, match=r"expected .*PT15M"):
        FROM_FILE.validate_python(text)


@given(
    st.one_of(
        st.integers(1, 400).map(lambda days: ExpectedInterval(days=days)),
        st.integers(1, 40).map(lambda months: ExpectedInterval(months=months)),
        st.integers(1, 10**12).map(lambda elapsed: ExpectedInterval(elapsed=elapsed)),
    )
)
def test_what_is_written_is_read_again(interval: ExpectedInterval) -> None:
    assert FROM_FILE.validate_python(FROM_FILE.dump_python(interval, mode="json")) == interval


def test_a_length_is_told_where_something_has_to_reckon_with_one() -> None:
    assert ExpectedInterval(days=1).duration == timedelta(days=1)
    assert ExpectedInterval(months=1).duration == timedelta(days=30)
    assert ExpectedInterval(months=12).duration == timedelta(days=365.25)
    assert ExpectedInterval(elapsed=SECOND).duration == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "begin", "end", "interval"),
    [
        ("Europe/Tallinn", "2026-03-29", "2026-03-30", ExpectedInterval(days=1)),
        ("America/Santiago", "2025-09-07 01:00", "2025-09-08", ExpectedInterval(days=1)),
        ("America/Santiago", "2025-09-06", "2025-09-07 01:00", ExpectedInterval(days=1)),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-06", ExpectedInterval(days=1)),
        ("America/St_Johns", "2026-10-26 06:00", "2026-11-02 06:00", ExpectedInterval(days=7)),
        ("Europe/Tallinn", "2026-02-01", "2026-03-01", ExpectedInterval(months=1)),
        ("Europe/Tallinn", "2024-12-01", "2025-12-01", ExpectedInterval(months=12)),
        ("Europe/Tallinn", "2026-03-15 09:30", "2026-04-15 09:30", ExpectedInterval(months=1)),
    ],
)
def test_begin_and_end_are_a_whole_period_of_the_calendar_apart(
    zone: str, begin: str, end: str, interval: ExpectedInterval
) -> None:
    assert interval.ends(np.array([at(begin, zone)]), zone).tolist() == [at(end, zone)]
    assert interval.begins(np.array([at(end, zone)]), zone).tolist() == [at(begin, zone)]


def test_a_time_a_second_after_a_midnight_that_does_not_exist_stays_on_its_day() -> None:
    zone = "America/Santiago"
    found = ExpectedInterval(days=1).ends(np.array([at("2025-09-06 00:00:01", zone)]), zone)
    assert found.tolist() == [at("2025-09-07 01:00:01", zone)]
