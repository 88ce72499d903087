"""Double hours in files of wall-clock times: the order of a device's rows tells both passes apart, or nothing does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.history.double_hours import DoubleHours
from ingest.history.mapping import TimeColumn
from ingest.history.wall_clock import Instants

ZONE = "America/St_Johns"
FORMAT = "%Y-%m-%d %H:%M"
CLOCKS = TimeColumn(column="time", format=FORMAT, zone=ZONE)
Row = tuple[str, str]


def night(meter: str, step: int = 15) -> list[Row]:
    """Return the rows of a meter over the night of 1 November 2026, when it is one o'clock twice."""
    begin = datetime(2026, 11, 1, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    times = (begin + timedelta(minutes=step * index) for index in range(6 * 60 // step))
    return [(time.astimezone(ZoneInfo(ZONE)).strftime(FORMAT), meter) for time in times]


def read(rows: Sequence[Row], at_once: int = 1000) -> list[int | None]:
    """Return the minutes from midnight of each row; None where it is open."""
    frames = [
        pl.DataFrame({"time": [time for time, _ in part], "meter": [meter for _, meter in part]})
        for part in (rows[first : first + at_once] for first in range(0, len(rows), at_once))
    ]
    found = DoubleHours.of(frames, CLOCKS, "meter")
    minutes: list[int | None] = []
    for frame in frames:
        clock = Instants.of(frame["time"], FORMAT, ZONE)
        second, is_open = found.part(len(minutes), frame.height)
        micros = clock.chosen(second).tolist()
        start = datetime(2026, 11, 1, tzinfo=ZoneInfo(ZONE)).timestamp()
        known = zip(micros, is_open, strict=True)
        minutes += [None if unknown else round(time / 1e6 - start) // 60 for time, unknown in known]
    return minutes


@pytest.mark.parametrize("step", [1, 5, 15, 30, 60])
def test_the_second_pass_begins_where_times_fall_back(step: int) -> None:
    assert read(night("a", step)) == list(range(0, 360, step))


def test_a_file_that_goes_backwards_is_read_from_its_end() -> None:
    assert read(night("a")[::-1]) == list(range(0, 360, 15))[::-1]


def test_of_times_that_stand_twice_in_a_row_the_first_is_of_the_first_pass() -> None:
    ordered = sorted(night("a"))
    minutes = [minute for minute in read(ordered) if minute is not None]
    assert sorted(minutes) == list(range(0, 360, 15))
    assert minutes[4:8] == [60, 120, 75, 135]


def test_in_pairs_that_go_backwards_it_is_open_which_is_which() -> None:
    assert read(sorted(night("a"), reverse=True)).count(None) == 8


def test_one_pass_alone_is_open_and_all_other_rows_are_read() -> None:
    rows = night("a")
    assert read(rows[:4] + rows[8:]) == [0, 15, 30, 45, *[None] * 4, *range(180, 360, 15)]


def test_a_pass_that_lacks_a_row_is_told_by_where_times_fall_back() -> None:
    rows = night("a")
    assert read(rows[:5] + rows[6:]) == [minute for minute in range(0, 360, 15) if minute != 75]


def test_a_night_that_stands_there_twice_is_open() -> None:
    assert read(night("a") + night("a")).count(None) == 16


def test_rows_of_a_file_in_utc_are_never_double() -> None:
    frame = pl.DataFrame({"time": ["2026-11-01 01:30"] * 2, "meter": ["a"] * 2})
    found = DoubleHours.of([frame], TimeColumn(column="time", format=FORMAT), "meter")
    assert not any(mask.any() for mask in found.part(0, 2))


@pytest.mark.long
@given(st.integers(1, 60), st.integers(0, 2**32), st.booleans())
def test_devices_in_turn_or_one_after_the_other_are_told_apart_whatever_the_portions(
    at_once: int, seed: int, is_grouped: bool
) -> None:
    left = {meter: night(meter) for meter in ("a", "b", "c")}
    random, rows = Random(seed), []
    while any(left.values()):
        meter = next(one for one in left if left[one]) if is_grouped else random.choice([m for m in left if left[m]])
        rows.append(left[meter].pop(0))
    found = read(rows, at_once)
    for meter in left:
        assert [found[index] for index, row in enumerate(rows) if row[1] == meter] == list(range(0, 360, 15))
