"""What a reader saw at an instant is what ``as_of`` answers for it, however long a step takes to commit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import time_ns
from typing import TYPE_CHECKING

import psycopg
import pytest

from ingest.model.time import from_micros
from kpi_engine import moments
from kpi_engine.api import kpis
from kpi_engine.engine.engine import Engine
from kpi_engine.figures import store
from processors.storage.database import connect
from tests.kpi_engine.conftest import at, fill

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

KPIS = ("heat_delivered",)
RAISE = "update figure set value = 7 from figure_kind k where k.kpi = 'heat_delivered' and k.kind_id = figure.kind_id"

DAY = from_micros(at("2026-04-08T00:00")), from_micros(at("2026-04-09T00:00"))


def read(connection: psycopg.Connection[tuple[object, ...]], as_of: datetime | None = None) -> float | None:
    (found,) = store.values(connection, "heat_delivered", "town", "a", "day", *DAY, as_of)
    connection.rollback()
    return found.value


def now() -> int:
    return time_ns() // 1_000


def test_a_report_taken_while_a_step_computes_is_found_again(
    district: "District", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader asks when the step has long begun; the answer must not become another one by its commit."""
    fill(district)
    district.counts("meter-a", "heat_energy", "2026-04-08T00:00", "2026-04-08T01:00", 3.0)
    seen: list[tuple[datetime, float | None]] = []
    compute = __import__("kpi_engine.engine.computing", fromlist=["compute"]).compute

    def computing(*arguments: object) -> object:
        figures = compute(*arguments)
        seen.append((from_micros(now()), read(district.connection)))
        return figures

    monkeypatch.setattr("kpi_engine.engine.graph.compute", computing)
    engine = Engine(district.own, is_live=True)
    while engine.step(district.now).recomputed:
        pass

    asked_at, value = seen[0]
    assert value == 48.0
    assert read(district.connection) == 49.0
    assert read(district.connection, asked_at) == 48.0
    assert read(district.connection, datetime.now(UTC)) == 49.0


def test_whoever_begins_to_read_while_figures_are_written_sees_them(district: "District", database_url: str) -> None:
    fill(district)
    with connect(database_url, "test writer") as writer, ThreadPoolExecutor(1) as pool:
        moments.write(writer)
        writer.execute(RAISE)
        reading = pool.submit(read, district.connection)
        while not writer.execute("select from pg_locks where not granted").fetchall():
            assert not reading.done(), "it did not wait for the writer"
        writer.commit()
        assert reading.result() == 7.0


def test_a_reader_holds_writers_up_only_until_it_has_its_snapshot(district: "District", database_url: str) -> None:
    fill(district)
    store.values(district.connection, "heat_delivered", "town", "a", "day", *DAY)  # the transaction stays open
    with connect(database_url, "test writer") as writer:
        writer.execute("set lock_timeout = '5s'")
        moments.write(writer)
        writer.commit()
    district.connection.rollback()


def test_the_newest_figures_are_those_of_a_moment_too(district: "District", database_url: str) -> None:
    fill(district)
    with connect(database_url, "test writer") as writer, ThreadPoolExecutor(1) as pool:
        moments.write(writer)
        writer.execute(RAISE)
        reading = pool.submit(kpis.newest, district.connection, ["town"])
        while not writer.execute("select from pg_locks where not granted").fetchall():
            assert not reading.done(), "it did not wait for the writer"
        writer.commit()
        assert {one.value for one in reading.result() if one.kpi == "heat_delivered"} == {7.0}


def test_one_statement_of_a_dashboard_sees_figures_of_one_moment(district: "District", database_url: str) -> None:
    """It has one snapshot, however long it takes and whatever is committed meanwhile."""
    fill(district)
    query = (
        "select value from grafana.kpi_value where kpi = 'heat_delivered' and period = 'day' and label = '2026-04-08'"
        " order by site nulls first"
    )
    with district.connection.cursor("dashboard") as panel:
        panel.execute(query)
        city = panel.fetchone()
        with connect(database_url, "test writer") as writer:  # a step is committed between two rows
            writer.execute("update figure set value = 2 * value")
            writer.commit()
        sites = panel.fetchall()
    district.connection.rollback()
    assert (city, sites) == ((96.0,), [(48.0,), (48.0,)])
    assert district.connection.execute(query).fetchone() == (192.0,)


def test_a_failed_read_leaves_no_lock_behind(district: "District", database_url: str) -> None:
    with pytest.raises(psycopg.errors.InvalidDatetimeFormat):
        moments.read(
            district.connection,
            store.StoredFigure,
            store.SQL["values"],
            {
                "kpi": "",
                "city": "",
                "site": None,
                "group": None,
                "period": "",
                "start": "no time",
                "end": None,
                "as_of": None,
            },
        )
    with connect(database_url, "test writer") as writer:
        writer.execute("set lock_timeout = '5s'")
        moments.write(writer)
