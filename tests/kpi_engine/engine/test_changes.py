"""What changed hours are to figures: a first load, or late data."""

from ingest.model.time import DAY, HOUR
from kpi_engine.engine.causes import Cause
from kpi_engine.engine.changes import HourChange, changes

SINCE = {1: 10 * DAY}  # when the series was first heard of


def causes(*marks: tuple[int, int, bool]) -> list[tuple[int, int, Cause]]:
    found = changes([(1, *mark) for mark in marks], SINCE)
    assert all(isinstance(one, HourChange) for one in found)
    assert [one.is_first for one in found] == [is_first for *_, is_first in marks]
    return [(*one.span, one.cause) for one in found]


def test_hours_from_before_a_series_was_heard_of_are_first_data_in_however_many_batches_they_come() -> None:
    assert causes((2 * DAY, 3 * DAY, True)) == [(2 * DAY, 3 * DAY, Cause.FIRST_DATA)]
    assert causes((3 * DAY, 5 * DAY, True)) == [(3 * DAY, 5 * DAY, Cause.FIRST_DATA)]


def test_what_a_known_meter_delivers_late_is_late_data() -> None:
    assert causes((11 * DAY, 12 * DAY, True)) == [(11 * DAY, 12 * DAY, Cause.LATE_DATA)]
    assert causes((9 * DAY, 12 * DAY, True)) == [(9 * DAY, 12 * DAY, Cause.LATE_DATA)]


def test_other_values_for_hours_that_were_read_are_late_data() -> None:
    assert causes((2 * DAY, 3 * DAY, False)) == [(2 * DAY, 3 * DAY, Cause.LATE_DATA)]


def test_the_hour_in_which_one_batch_ends_and_the_next_begins_goes_with_them() -> None:
    last, rest = 2 * DAY - HOUR, 2 * DAY
    assert causes((rest, 3 * DAY, True), (last, rest, False)) == [
        (rest, 3 * DAY, Cause.FIRST_DATA),
        (last, rest, Cause.FIRST_DATA),
    ]
    assert causes((rest, 3 * DAY, True), (last - HOUR, rest, False))[1][2] is Cause.LATE_DATA
