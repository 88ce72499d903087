"""Figures of times in which a meter was silent rest on the days before: these may come in any order, and late."""

from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from kpi_engine.engine.extents import request
from kpi_engine.figures import store
from kpi_engine.subjects import subject_index
from kpi_engine.windows import before_silence, rollups
from tests.kpi_engine.conftest import at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kpi_engine.formulas.bucket_cover import Tile
    from kpi_engine.windows.rollups import Rollups
    from processors.storage.database import Connection
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

PIECES: Final = [  # of what two meters count in an hour; b is silent from the middle of February on
    ("meter-a", "heat_energy", "2026-01-12T00:00", "2026-02-01T00:00", 2.0),
    ("meter-a", "heat_energy", "2026-02-01T00:00", "2026-02-22T00:00", 4.0),
    ("meter-b", "heat_energy", "2026-01-08T00:00", "2026-01-20T00:00", 0.5),
    ("meter-b", "heat_energy", "2026-01-20T00:00", "2026-02-07T00:00", 0.1),
    ("meter-b", "heat_energy", "2026-02-09T00:00", "2026-02-13T00:00", 0.2),
]
NOW: Final = "2026-02-22T00:20"
DATA: Final = """
    truncate rollup_row, rollup_block, rollup_mark, kpi_due, kpi_extent, figure_log, figure, kpi_heard,
        kpi_note, kpi_noted, kpi_rested
"""
FIGURES: Final = """
    select kpi, site_id, period, period_start, value, lower, upper, status, reason, inputs_hash, rests_from,
        rests_on_first
    from kpi_value where superseded_at is null order by 1, 2, 3, 4
"""


def figures(district: "District") -> list[tuple[Any, ...]]:
    found = district.connection.execute(FIGURES).fetchall()
    district.connection.rollback()
    return found


def ask_again(district: "District", start: str) -> int:
    """Have everything from a day on computed again; returns how many figures that is."""
    subjects = list(subject_index.load(district.connection).subjects.values())
    asked = request(district.connection, subjects, None, (at(start), district.now), district.now)
    district.connection.commit()
    return asked


@pytest.fixture
def empty(district: "District") -> "District":
    """Return the district at an earlier time, without data."""
    district.now = at(NOW)
    return district


def start_again(district: "District") -> None:
    district.connection.execute(DATA)
    district.connection.commit()
    district.hours.clear()
    district.restart()


def test_the_pieces_of_two_meters_end_the_same_in_whatever_order_they_come(empty: "District") -> None:
    for piece in PIECES:
        empty.counts(*piece)
    empty.settle()
    expected = figures(empty)
    told = {str(row[8]) for row in expected}
    assert any("it takes its share" in reason for reason in told)
    assert any("registered and not read yet" in reason for reason in told)
    random = Random(4)
    for _ in range(3):
        start_again(empty)
        for piece in random.sample(PIECES, len(PIECES)):
            empty.counts(*piece)
            empty.settle()
        assert figures(empty) == expected


def test_a_silence_that_turns_out_to_have_begun_earlier_changes_the_figures_in_it(empty: "District") -> None:
    for piece in PIECES:
        empty.counts(*piece)
    empty.settle()
    for hour in range(24):  # the last day of b is taken back
        empty.forget("meter-b", "heat_energy", f"2026-02-12T{hour:02}:00")
    empty.settle()
    found = figures(empty)

    empty.restart()
    assert ask_again(empty, "2026-01-01T00:00") == empty.settle().recomputed > 0
    assert figures(empty) == found


def test_the_days_before_a_silence_stand_in_the_evidence(empty: "District") -> None:
    for piece in PIECES:
        empty.counts(*piece)
    empty.settle()
    [(value_id,)] = empty.connection.execute(
        "select value_id from kpi_value where kpi = 'heat_delivered' and site_id is null"
        " and period = 'day' and period_start = '2026-02-19T23:00Z' and superseded_at is null"
    ).fetchall()
    behind = store.lineage(empty.connection, value_id)

    assert behind is not None
    assert behind.inputs["days_before"] == ["2026-01-15T23:00:00Z", "2026-02-12T23:00:00Z"]


def test_a_figure_is_due_as_soon_as_days_change_that_it_rests_on(empty: "District") -> None:
    for piece in PIECES:
        empty.counts(*piece)
    empty.settle()
    empty.counts("meter-b", "heat_energy", "2026-02-10T00:00", "2026-02-11T00:00", 0.3)

    resting = empty.value("heat_delivered", None, "day", "2026-02-20T00:00")
    assert resting is not None
    assert resting.due


def test_what_was_read_of_the_days_before_is_not_read_again(empty: "District", monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in PIECES:
        empty.counts(*piece)
    empty.settle()
    read = rollups.read_rollups
    keys: list[int] = []

    def reading(connection: "Connection", asked: "Iterable[tuple[int, Tile]]") -> "Rollups":
        every = list(asked)
        keys.append(len(every))
        return read(connection, every)

    monkeypatch.setattr(before_silence, "read_rollups", reading)
    assert ask_again(empty, "2026-02-13T00:00") == empty.settle().recomputed > 0
    assert keys == []

    empty.counts("meter-b", "heat_energy", "2026-02-10T00:00", "2026-02-11T00:00", 0.3)
    empty.settle()
    assert keys != []
