"""A first load in many pieces: figures wait until it rests, are computed once, and what was published stays."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ingest.model.calendar import Period, edges
from ingest.model.time import MINUTE, SECOND, isoformat
from kpi_engine.engine.engine import Engine, EngineStep
from kpi_engine.engine.run import FIRST_LOADS
from tests.kpi_engine.conftest import at

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

PAST = at("2026-01-01T00:00"), at("2026-03-01T00:00")


@pytest.fixture
def loading(district: "District") -> "District":
    """Return the district, whose engine lets first loads rest as the role's does."""
    district.engine = Engine(district.own, loads=FIRST_LOADS)
    return district


def test_a_past_that_is_loaded_in_thirty_pieces_makes_one_revision_of_each_figure(loading: "District") -> None:
    days = [isoformat(one)[:16] for one in edges(*PAST, Period.DAY, "UTC").tolist()][::2]
    for start, end in pairwise(days):
        loading.now += SECOND
        loading.counts("meter-a", "heat_energy", start, end, 2.0)
        loading.counts("meter-b", "heat_energy", start, end, 2.0)
        loading.settle()

    assert _rested(loading).recomputed > 100
    assert {key: count for key, count in _revisions(loading).items() if count > 1} == {}
    january = loading.value("heat_delivered", "a", "month", "2026-01-01T00:00")
    assert january is not None
    assert (january.value, january.due) == (2.0 * 744, False)


def test_newest_first_what_is_complete_waits_a_minute_for_the_rest_of_the_past(loading: "District") -> None:
    for day in range(20, 2, -1):
        loading.counts("meter-a", "heat_energy", f"2026-03-{day:02}T00:00", f"2026-03-{day + 1:02}T00:00", 2.0)
        loading.settle()
        loading.now += 4 * SECOND

    newest = loading.value("heat_delivered", None, "day", "2026-03-20T00:00")
    assert newest is not None
    assert newest.revision == 1
    assert loading.value("heat_delivered", None, "day", "2026-03-05T00:00") is None
    assert loading.value("heat_delivered", "a", "month", "2026-03-01T00:00") is None, "more of it may come"


def test_a_load_that_never_rests_is_published_meanwhile_and_what_was_to_be_seen_stays(loading: "District") -> None:
    loading.engine = Engine(loading.own, loads=replace(FIRST_LOADS, closed=MINUTE))
    seen = {}
    for day in range(1, 24):
        loading.counts("meter-a", "heat_energy", f"2026-02-{day:02}T00:00", f"2026-02-{day + 1:02}T00:00", 2.0)
        loading.settle()
        seen[loading.now] = loading.value("heat_delivered", "a", "month", "2026-02-01T00:00")
        loading.now += 4 * SECOND

    assert {figure.revision for figure in seen.values() if figure} == {1}
    _rested(loading)
    last = loading.value("heat_delivered", "a", "month", "2026-02-01T00:00")
    assert last is not None
    assert last.revision == 2
    for now, figure in seen.items():
        then = loading.value("heat_delivered", "a", "month", "2026-02-01T00:00", now)
        assert (then and then.value_id) == (figure and figure.value_id)


def test_late_readings_of_settled_figures_do_not_wait_for_a_first_load_elsewhere(loading: "District") -> None:
    loading.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    _rested(loading)
    loading.counts("meter-b", "heat_energy", "2026-01-01T00:00", "2026-02-01T00:00", 2.0)
    loading.counts("meter-a", "heat_energy", "2026-03-10T05:00", "2026-03-10T06:00", 3.0)
    loading.settle()

    late = loading.value("heat_delivered", "a", "month", "2026-03-01T00:00")
    assert late is not None
    assert (late.value, late.revision, late.cause) == (743 * 2.0 + 1.0, 2, "late data")
    assert loading.value("heat_delivered", "b", "month", "2026-01-01T00:00") is None


def test_periods_that_go_on_show_what_is_there_within_a_minute(loading: "District") -> None:
    for day in range(1, 9):
        loading.counts("meter-a", "heat_energy", f"2026-04-{day:02}T00:00", f"2026-04-{day + 1:02}T00:00", 2.0)
        loading.settle()
        loading.now += 8 * SECOND
    loading.settle()
    april = loading.value("heat_delivered", "a", "month", "2026-04-01T00:00")
    assert april is not None
    assert april.revision == 1


def _rested(district: "District") -> EngineStep:
    """Let the engine work once nothing has come for as long as figures of a first load wait."""
    district.settle()
    district.now += FIRST_LOADS.rest
    return district.settle()


def _revisions(district: "District") -> dict[tuple[object, ...], int]:
    """Return how many revisions each figure of a period that has ended has."""
    rows = district.connection.execute(
        "select kpi, site_id, period, period_start, max(revision) from kpi_value"
        " where through >= period_end group by 1, 2, 3, 4"
    ).fetchall()
    district.connection.rollback()
    return {tuple(key): count for *key, count in rows}
