"""Sessions that readings tell of, kept: a function of the stored readings, whatever order they came in."""

from random import Random

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, from_micros
from processors.rollups.worker import RollupWorker
from processors.sessions.known import known_sessions, points
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.schema import retention
from tests.processors.charging_point_traces import (
    CITY,
    START,
    counted,
    declaring,
    energies,
    from_readings,
    kept,
    trace,
    visit,
)
from tests.processors.stored_readings import arrive, drain, store

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("scope", ["lifetime", "session"])
@pytest.mark.parametrize("seed", range(4))
def test_order_batching_repetition_and_restarts_change_nothing(connection: Connection, seed: int, scope: str) -> None:
    scoped = {"register_contract": {"scope": scope}}
    catalogue = sync(connection, [parse(declaring(register=scoped, others=scoped), "testville.yaml")])
    readings, random = trace(catalogue, seed), Random(seed)
    arriving = sorted(readings, key=lambda one: one[1] + random.choice([0, 0, 0, 7, 30]) * HOUR)
    arrive(
        arriving,
        lambda some: store(connection, some),
        lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
        random,
    )
    assert len(kept(connection)) > 10
    assert kept(connection) == from_readings(connection, catalogue)
    hours = counted(connection)
    connection.execute("truncate charging_session, rollup_row, rollup_block, rollup_mark, observation_mark")
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert counted(connection) == hours


@pytest.mark.parametrize("last", range(3))
def test_a_foreign_value_as_a_vehicle_leaves_is_no_energy_of_it_or_of_the_next_one(
    connection: Connection, catalogue: Catalogue, last: int
) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    plug = [(0, 0.0), (10, 1.0), (60, 0.0), (75, 0.0), (90, 1.0), (120, 0.0)]
    parts = [[(0, 500.0), (30, 505.0)], [(60, 910_031.0)], [(75, 506.0), (90, 506.0), (120, 509.0)]]
    store(connection, visit(catalogue, "plugged", plug, []))
    for part in [*parts[:last], *parts[last + 1 :], parts[last]]:
        store(connection, visit(catalogue, "plugged", [], part))
        drain(worker)
    assert energies(connection) == [6.0, 3.0]
    assert kept(connection) == from_readings(connection, catalogue)


def test_a_free_hour_is_zero_and_an_unwatched_one_is_not_known(connection: Connection, catalogue: Catalogue) -> None:
    minutes = [*range(0, 121, 30), 300]
    readings = visit(
        catalogue, "stated", [(at, 2.0 if at in {60, 90} else 0.0) for at in minutes], [(0, 1.0), (120, 3.0)]
    )
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    hours = {row[2]: row[4] for row in counted(connection) if row[0] == "hour"}
    assert hours == {from_micros(START): 0.0, from_micros(START + HOUR): 1.0}


def test_a_plug_out_that_comes_late_divides_a_session(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    counts = [(at, 10.0 + at / 60) for at in range(0, 241, 10)]
    store(connection, visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (120, 1.0), (240, 0.0)], counts))
    drain(worker)
    assert [row[3] for row in kept(connection)] == [pytest.approx(4.0)]
    store(connection, visit(catalogue, "plugged", [(60, 0.0)], []))
    drain(worker)
    assert kept(connection) == from_readings(connection, catalogue)
    assert len(kept(connection)) == 2
    store(connection, visit(catalogue, "plugged", [(60, 1.0)], []))  # a correction
    drain(worker)
    assert [row[3] for row in kept(connection)] == [pytest.approx(4.0)]


def test_sessions_outlast_the_readings_they_were_assembled_from(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    counts = [(at, 10.0 + at / 60) for at in range(0, 241, 10)]
    later = 60 * 24 * 60  # sixty days
    plug = [(0, 0.0), (10, 1.0), (120, 0.0), (240, 0.0), (later, 0.0), (later + 10, 1.0), (later + 20, 0.0)]
    store(connection, visit(catalogue, "plugged", plug, [*counts, (later, 20.0), (later + 30, 21.0)]))
    drain(worker)
    connection.execute("truncate rollup_mark")
    before, hours = kept(connection), counted(connection)
    expiry = retention.expire(connection, 400, from_micros(START + 440 * DAY))
    assert expiry.horizon is not None
    store(connection, visit(catalogue, "plugged", [(later + 15, 1.0)], []))
    drain(worker)
    assert kept(connection) == before
    assert counted(connection) == hours
    found = known_sessions(connection, catalogue, points(catalogue, None, None, None), START, START + 90 * DAY)
    assert [(from_micros(one.session.begin), one.is_recorded) for one in found] == [(row[1], False) for row in before]


def test_a_series_of_sessions_that_is_declared_later_counts_those_before(connection: Connection) -> None:
    catalogue = sync(connection, [parse(declaring(counted=()), "testville.yaml")])
    readings = visit(
        catalogue, "plugged", [(0, 0.0), (30, 1.0), (60, 0.0), (90, 0.0), (120, 0.0)], [(0, 1.0), (90, 2.0)]
    )
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    declared = sync(connection, [parse(CITY, "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: declared))
    assert [row[4] for row in counted(connection) if row[0] == "hour"] == [1.0, 0.0]


def test_an_older_database_has_its_sessions_assembled_once(connection: Connection, catalogue: Catalogue) -> None:
    plug = [(0, 0.0), (30, 1.0), (60, 0.0), (90, 1.0), (120, 0.0)]
    store(connection, visit(catalogue, "plugged", plug, [(0, 1.0), (70, 2.0), (150, 3.0)]))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    before = kept(connection)
    connection.execute("truncate charging_session, observation_mark")  # as a worker leaves it that knows none of this
    connection.execute("delete from source where name = 'assembled'")
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert kept(connection) == before
    assert len(before) == 2
    RollupWorker(RollupStore(connection), lambda: catalogue)
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)
