"""Hours of a stretch: from other stretches, from days as they are kept, and as the database sends them."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.reading import ReadingKind
from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.ports.hours import ROWS, group_of
from kpi_engine.ports.stored_keys import HourGroup, HoursKey, Member
from kpi_engine.windows.day_layout import DayLayout, layout
from kpi_engine.windows.kept_hours import HourStretch, WantedHours
from kpi_engine.windows.sent_hours import HAS_EDGES, IS_ODD, SENT, stored_hours
from processors.steps.columns import ABSENT, Floats

ZONE = "Europe/Copenhagen"
SPRING = to_micros(datetime(2026, 3, 27, 23, tzinfo=UTC))  # 28 March; a day later clocks leave out an hour


def group() -> HourGroup:
    return group_of((Member(1, 0, 2**60, np.inf, ReadingKind.REGISTER, is_net=False),), ZONE)


def numbers(days: DayLayout) -> Floats:
    """Return a table that tells of each number where it is from: its row and its hour."""
    return np.array([[row * 1e9 + hour / HOUR for hour in days.hours[:-1].tolist()] for row in range(ROWS)])


def kept(days: DayLayout) -> bytes:
    return days.by_day(numbers(days), np.arange(len(days.days) - 1)).tobytes()


def test_a_day_is_kept_row_by_row_also_where_clocks_change() -> None:
    days = layout(SPRING, SPRING + 3 * DAY - HOUR, ZONE)
    alone = [
        layout(start, end, ZONE) for start, end in zip(days.days[:-1].tolist(), days.days[1:].tolist(), strict=True)
    ]

    assert np.diff(days.begins).tolist() == [24, 23, 24]
    assert kept(days) == b"".join(numbers(one).tobytes() for one in alone)


def test_days_that_are_kept_and_days_that_were_found_make_a_stretch() -> None:
    whole = layout(SPRING, SPRING + 3 * DAY - HOUR, ZONE)
    wanted = WantedHours.of(HoursKey(group(), whole.start, whole.end))
    first = layout(SPRING, int(whole.days[1]), ZONE)
    rest = layout(int(whole.days[1]), whole.end, ZONE)

    wanted.take_kept(rest.days[:-1], rest.days[1:], kept(rest), ())
    assert wanted.lacks.tolist() == [True, False, False]
    wanted.take(HourStretch(group(), first, numbers(first)))

    assert not wanted.lacks.any()
    assert wanted.table.tolist() == numbers(whole).tolist()


def test_a_kept_day_that_changed_or_is_longer_than_the_window_is_not_taken() -> None:
    whole = layout(SPRING, SPRING + DAY, ZONE)
    wanted = WantedHours.of(HoursKey(group(), SPRING, SPRING + DAY))
    wanted.take_kept(whole.days[:-1], whole.days[1:], kept(whole), [(SPRING + HOUR, SPRING + 2 * HOUR)])
    assert wanted.lacks.all()

    open_day = WantedHours.of(HoursKey(group(), SPRING, SPRING + 5 * HOUR))
    open_day.take(HourStretch(group(), whole, numbers(whole)))
    assert open_day.lacks.all()


@pytest.mark.parametrize("start", [SPRING, SPRING + HOUR])
def test_only_whole_civil_days_are_kept(start: int) -> None:
    days = layout(start, SPRING + 2 * DAY - HOUR, ZONE)

    assert days.is_whole.tolist() == [start == SPRING, True]
    assert layout(start, SPRING + 2 * DAY, ZONE).is_whole.tolist() == [start == SPRING, True, False]


def test_of_a_whole_hour_only_what_was_counted_travels() -> None:
    flags = np.array([0, IS_ODD, HAS_EDGES])
    sent = [np.empty(0) for _ in SENT]
    sent[0], sent[1] = np.array([8, 8, 8]) + flags, np.array([2 * HOUR, HOUR, 0])
    sent[2] = np.array([1.5, 0.5, 2.5])
    sent[3:8] = [np.array([one]) for one in (HOUR + HOUR, 900.0, HOUR, ABSENT, 900.0)]
    sent[8:16] = [np.array([one]) for one in (60.0, 3_000.0, 30.0, 0.1, np.nan, np.nan, np.nan, np.nan)]

    hours = stored_hours(sent)

    assert hours.series.tolist() == [1, 1, 1]
    assert hours.amounts.total.tolist() == [2.5, 0.5, 1.5]  # in order of time
    assert hours.amounts.measured.tolist() == [3_600.0, 900.0, 3_600.0]
    assert hours.amounts.covered_to.tolist() == [HOUR, ABSENT, 3 * HOUR]
    assert hours.amounts.entry_amount[0] == 0.1
    assert hours.is_certain.tolist() == [False, False, True]
