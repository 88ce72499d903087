"""A span is asked for in windows that lie next to each other, are never too long, and never of two months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.time import DAY, from_micros, isoformat, to_micros
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.windows import windows

ZONE = "Europe/Copenhagen"
NOW = to_micros(datetime(2026, 11, 30, 6, tzinfo=UTC))


def at(*parts: int) -> int:
    return to_micros(datetime(*parts, tzinfo=UTC))  # type: ignore[misc,arg-type] # year, month, day, ...


def hub(days: int = 31, *, whole_months: bool = False) -> Hub:
    nothing = timedelta(hours=1)
    return Hub("x", "X", "", (), lambda *_: iter(()), nothing, nothing, days=days, whole_months=whole_months)


def asked(one: Hub, dataset: Dataset, begin: int, end: int) -> list[tuple[str, str]]:
    found = windows(one, dataset, (begin, end), NOW, ZONE)
    return [(isoformat(first), isoformat(last)) for first, last in found]


PLAIN = Dataset("x", frozenset())


def test_a_year_is_asked_for_by_civil_months_whose_nights_of_change_are_whole() -> None:
    found = asked(hub(), PLAIN, at(2026, 9, 30, 22), at(2026, 11, 30, 6))
    assert found == [
        ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        ("2026-10-31T23:00:00Z", "2026-11-30T06:00:00Z"),
    ]


def test_what_has_not_come_yet_is_not_asked_for() -> None:
    late = Dataset("x", frozenset(), lag=timedelta(days=5))
    assert asked(hub(), late, at(2026, 11, 1), at(2026, 12, 30))[-1][1] == "2026-11-25T06:00:00Z"


def test_only_what_is_within_reach_is_asked_for() -> None:
    short = Dataset("x", frozenset(), reach=timedelta(days=2))
    assert asked(hub(), short, at(2020, 1, 1), NOW) == [("2026-11-28T06:00:00Z", "2026-11-30T06:00:00Z")]


def test_a_dataset_is_asked_for_the_days_that_it_has() -> None:
    ended = Dataset("x", frozenset(), since=date(2026, 10, 2), until=date(2026, 10, 4))
    assert asked(hub(), ended, at(2020, 1, 1), NOW) == [("2026-10-01T22:00:00Z", "2026-10-03T22:00:00Z")]
    assert asked(hub(), ended, at(2026, 11, 1), NOW) == []


def test_who_knows_whole_months_is_asked_from_the_first_of_them_on() -> None:
    assert asked(hub(whole_months=True), PLAIN, at(2026, 10, 20), NOW)[0][0] == "2026-09-30T22:00:00Z"


@given(begin=st.integers(at(2024, 1, 1), NOW), length=st.integers(1, 400 * DAY), days=st.sampled_from([1, 7, 15, 31]))
@settings(max_examples=min(20, settings().max_examples))
def test_windows_are_next_to_each_other_and_cover_the_span(begin: int, length: int, days: int) -> None:
    end = min(begin + length, NOW)
    found = list(windows(hub(days), PLAIN, (begin, end), NOW, ZONE))
    if begin < end:
        assert (found[0][0], found[-1][1]) == (begin, end)
    for (_, one), (other, _) in pairwise(found):
        assert one == other
    for first, last in found:
        assert first < last
        assert last - first <= days * DAY + DAY // 24  # the day on which clocks go back is an hour longer
        assert len({_month(first), _month(last - 1)}) == 1


def _month(instant: int) -> tuple[int, int]:
    local = from_micros(instant).astimezone(ZoneInfo(ZONE))
    return local.year, local.month


@pytest.mark.parametrize("end", [at(2026, 10, 1), at(2026, 9, 1)])
def test_of_an_empty_span_nothing_is_asked(end: int) -> None:
    assert asked(hub(), PLAIN, at(2026, 10, 1), end) == []
