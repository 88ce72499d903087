"""Hours of a stretch: from other stretches, and from days as they are kept."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.reading import ReadingKind
from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.ports.hours import ROWS, group_of
from kpi_engine.ports.stored_keys import HourGroup, HoursKey, Member
from kpi_engine.windows.day_layout import DayLayout, layout
from kpi_engine.windows.kept_hours import HourStretch, WantedHours
from processors.steps.columns import Floats

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
