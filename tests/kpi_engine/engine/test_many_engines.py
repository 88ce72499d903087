"""Several engines on one database: one notes, all compute, and the figures are those of an engine that is alone."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ingest.model.calendar import Period
from kpi_engine.engine import computing
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.recompute_queue import AT_ONCE
from kpi_engine.engine.run import keep_up
from kpi_engine.engine.shards import claimed
from kpi_engine.figures.code_version import CODE_VERSION
from kpi_engine.indicators import INDICATORS
from processors.storage.database import Connection, connect
from processors.storage.figures import names
from processors.storage.figures.names import Edition, FigureKind
from tests.kpi_engine.engine.test_run import Steps

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered", "heat_emissions_hourly", "heat_peak_load", "heat_load_factor")
FIGURES = """
    select kpi, site_id, period, period_start, value, lower, upper, status, inputs_hash, revision
    from kpi_value where superseded_at is null order by 1, 2 nulls first, 3, 4
"""


@pytest.fixture
def other(database_url: str) -> Iterator[Connection]:
    """Return the connection of another engine."""
    with connect(database_url, "another engine") as connection:
        yield connection


def figures(district: "District") -> list[tuple[Any, ...]]:
    rows = district.connection.execute(FIGURES).fetchall()
    district.connection.rollback()
    return rows


def load(district: "District") -> None:
    """Let both meters have a month of hours, of which nothing is noted yet, in a store that knows the indicators.

    Whoever meets one first numbers it, and who meets it at the same time begins again.
    """
    names.kinds(district.connection, [FigureKind(kpi, period.value) for kpi in KPIS for period in Period])
    made = [(INDICATORS[kpi].unit, INDICATORS[kpi].rule_version) for kpi in KPIS]
    names.editions(district.connection, [Edition(*one, CODE_VERSION) for one in made])
    district.connection.commit()
    for device in ("meter-a", "meter-b"):
        district.counts(device, "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 2.0)
    district.gauges("plant", "heat_emission_factor", "2026-03-01T00:00", "2026-04-10T00:00", 0.3)


def note(district: "District", monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the leader note what is due, and compute nothing."""
    with monkeypatch.context() as patch:
        patch.setattr("kpi_engine.engine.engine.claimed", lambda *_: claimed(district.own, 0))
        district.engine.step(district.now)


def settle(*engines: Engine, now: int) -> None:
    while sum(engine.step(now).recomputed for engine in engines):  # each of them, whatever the others did
        pass


def during(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen once while an engine computes: before it writes what it has read."""
    acts = iter([act])

    def compute(*arguments: Any) -> object:  # noqa: ANN401 - passed on as they come
        found = computing.compute(*arguments)
        for one in acts:
            one()
        return found

    monkeypatch.setattr("kpi_engine.engine.graph.compute", compute)


def alone(district: "District") -> list[tuple[Any, ...]]:
    """Return what an engine makes of the same hours that is alone and remembers nothing."""
    district.connection.execute("truncate figure, kpi_due, kpi_extent, kpi_group_day")
    district.connection.commit()
    district.restart()
    district.settle()
    return figures(district)


def test_two_engines_share_the_agenda_and_compute_the_figures_of_one(
    district: "District", other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(district)
    second = Engine(other, figures_per_step=1, leads=False)
    note(district, monkeypatch)
    done: list[int] = []
    during(monkeypatch, lambda: done.append(district.engine.step(district.now).recomputed))
    assert second.step(district.now).recomputed == 1
    assert done > [0], "the leader waited for the other, or found nothing beside what that one had claimed"
    settle(district.engine, second, now=district.now)

    found = figures(district)
    assert {revision for *_, revision in found} == {1}, "a figure was computed twice"
    assert found == alone(district)


def test_a_worker_that_dies_in_the_middle_gives_up_what_it_had_claimed_at_once(
    district: "District", other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(district)
    note(district, monkeypatch)
    kill = "select pg_terminate_backend(%s, 5000)"
    during(monkeypatch, lambda: district.connection.execute(kill, [other.info.backend_pid]))
    with pytest.raises(psycopg.OperationalError):
        Engine(other, leads=False).step(district.now)
    district.connection.rollback()
    district.settle()

    found = figures(district)
    assert {revision for *_, revision in found} == {1}
    assert found == alone(district)


def test_hours_that_changed_while_another_computed_are_in_the_figures_and_in_no_day_that_is_kept(
    district: "District", other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(district)
    note(district, monkeypatch)

    def late() -> None:
        district.counts("meter-a", "heat_energy", "2026-04-08T05:00", "2026-04-08T06:00", 9.0)
        note(district, monkeypatch)

    during(monkeypatch, late)
    second = Engine(other, leads=False)
    second.step(district.now)
    settle(district.engine, second, now=district.now)
    district.counts("meter-b", "heat_energy", "2026-04-07T05:00", "2026-04-07T06:00", 5.0)
    settle(district.engine, second, now=district.now)

    found = [figure[:-1] for figure in figures(district)]
    assert found == [figure[:-1] for figure in alone(district)]


def test_what_is_put_on_the_agenda_waits_for_nobody_who_computes(
    district: "District", other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(district)
    note(district, monkeypatch)
    district.own.execute("set lock_timeout = '1s'")
    district.own.commit()

    def change() -> None:
        district.counts("meter-a", "heat_energy", "2026-03-01T00:00", "2026-04-10T00:00", 3.0)
        note(district, monkeypatch)

    during(monkeypatch, change)
    assert Engine(other, leads=False).step(district.now).recomputed == 50
    district.settle()
    assert [figure[:-1] for figure in figures(district)] == [figure[:-1] for figure in alone(district)]


def test_an_engine_computes_nothing_by_other_rules_than_those_that_were_noted(
    district: "District", other: Connection
) -> None:
    load(district)
    district.engine.step(district.now)
    second = Engine(other, leads=False)
    assert second.step(district.now).recomputed == 50
    district.connection.execute("update kpi_noted set roster = 'of another version of the program'")
    district.connection.commit()
    assert second.step(district.now).recomputed == 0


def test_a_process_computes_from_the_start_and_leads_once_it_may(district: "District", other: Connection) -> None:
    load(district)
    answers = iter([False, False])
    keep_up(other, lambda: district.now, Steps(rests=6), may_lead=lambda: next(answers, True), loads=AT_ONCE)
    assert figures(district)
