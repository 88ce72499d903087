"""What is assembled of touched readings, no more than that, and by which contracts and meters."""

from collections.abc import Sequence

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.session import Session
from ingest.model.time import DAY, HOUR, MINUTE, from_micros
from processors.rollups.worker import RollupWorker
from processors.sessions import assembly
from processors.sessions.traces import SessionQuery, assembled
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors import charging_point_traces as traces
from tests.processors.stored_readings import drain, store

pytestmark = pytest.mark.integration

SCOPED = {"register_contract": {"scope": "session"}}


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    return sync(connection, [parse(traces.CITY, "testville.yaml")])


def test_a_late_reading_and_a_live_one_leave_alone_what_lies_between(
    connection: Connection, catalogue: Catalogue
) -> None:
    readings = traces.vehicles_each_day(catalogue, range(25))
    late = traces.visit(catalogue, "plugged", [(90, 0.0)], [])
    live = traces.visit(catalogue, "plugged", [(24 * 1440 + 1400, 1.0)], [(24 * 1440 + 1400, 24.99)])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    store(connection, readings)
    drain(worker)
    between = from_micros(traces.START + 10 * DAY), from_micros(traces.START + 11 * DAY)
    connection.execute("update charging_session set energy_kwh = 7 where begin_at between %s and %s", between)
    store(connection, late)
    store(connection, live)
    drain(worker)
    found, expected = traces.kept(connection), traces.from_readings(connection, catalogue)
    assert [row[3] for row, other in zip(found, expected, strict=True) if row != other] == [7.0]


def test_a_long_time_is_assembled_in_parts(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "READINGS_AT_ONCE", 100)
    parts: list[int] = []

    def watched(connection: Connection, catalogue: Catalogue, asked: Sequence[SessionQuery]) -> list[list[Session]]:
        parts.extend(one.end - one.start for one in asked)
        return assembled(connection, catalogue, asked)

    monkeypatch.setattr(assembly, "assembled", watched)
    store(connection, traces.vehicles_each_day(catalogue, range(20)))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert max(parts) == 100 * 5 * MINUTE
    assert traces.kept(connection) == traces.from_readings(connection, catalogue)
    assert [row[4] for row in traces.counted(connection) if row[0] == "month"] == [6.0, 14.0]


def test_a_contract_from_a_day_on_leaves_earlier_sessions_as_they_were(connection: Connection) -> None:
    catalogue = sync(connection, [parse(traces.declaring(register=SCOPED), "testville.yaml")])
    counts = [(0, 0.0), (20, 10.0), (40, 30.0), (60, 5.0), (90, 10.0)]
    store(connection, traces.visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (90, 0.0)], counts))
    dated = {"register_contract": [{"scope": "session", "valid_to": "2024-11-01"}, {"valid_from": "2024-11-01"}]}
    catalogue = sync(connection, [parse(traces.declaring(register=dated), "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert traces.energies(connection) == [30.0, 10.0]


@pytest.mark.parametrize(("closing", "expected"), [({"electricity_energy": 107}, 19.0), ({}, None)])
def test_a_meter_that_was_replaced_is_not_energy(
    connection: Connection, catalogue: Catalogue, closing: dict[str, float], expected: float | None
) -> None:
    counts = [(0, 90.0), (30, 105.0), (60, 2000.0), (90, 2000.0)]
    store(connection, traces.visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (90, 0.0)], counts))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    swap = {"at": str(from_micros(traces.START + HOUR)), "opening": {"electricity_energy": 1998}, "closing": closing}
    changed = traces.declaring(plugged={"replacements": [swap]}, register={"max_gap": "PT1H"})
    replaced = sync(connection, [parse(changed, "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: replaced))
    assert traces.energies(connection) == [expected]


def test_a_register_that_starts_anew_while_the_plug_is_read_begins_a_session_as_readings_come(
    connection: Connection,
) -> None:
    catalogue = sync(connection, [parse(traces.declaring(register=SCOPED), "testville.yaml")])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    plug = [(0, 0.0), *((minute, 1.0) for minute in range(10, 120, 10)), (120, 0.0), (130, 0.0)]
    for minute, value in plug:
        store(connection, traces.visit(catalogue, "plugged", [(minute, value)], [(minute, float(minute % 40))]))
        drain(worker)
    assert traces.kept(connection) == traces.from_readings(connection, catalogue)
    assert len(traces.kept(connection)) == 3
