"""Figures of charging sessions: one whose energy nobody knows widens a figure by what its point can deliver."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.calendar import day_start
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.session import Session
from ingest.model.time import DAY, HOUR, to_micros
from kpi_engine.engine.engine import Engine
from kpi_engine.figures import store
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.sink import SessionSink
from tests.computed import compute, few_indicators
from tests.processors.stored_readings import drain
from tests.towns import charging_point, fact, sending, town

pytestmark = pytest.mark.integration

CITY = town(
    charging_point(sending("electricity_energy", kind="session")),
    name="testville",
    zone="Europe/Oslo",
    sites={"quay": {"facts": [fact("rated_power", 11, "kW")]}},
)
ZONE = "Europe/Oslo"
START, END = date(2026, 3, 1), date(2026, 4, 1)
NOW = to_micros(datetime(2026, 6, 1, tzinfo=UTC))
UNKNOWN = 12.1 * (2 + 1 / 60)  # kWh: 11 kW and a tenth, for two hours and a minute


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as opened:
        yield opened


def month_of(connection: Connection, *unknown: Session) -> tuple[store.StoredFigure, store.StoredFigure]:
    """Return March and its 10th of a garage with ten sessions a day of 10 kWh, some replaced by ``unknown`` ones."""
    catalogue = sync(connection, [parse(CITY, "testville.yaml")])
    connection.commit()
    first, last = (day_start(day, ZONE) for day in (START, END))
    begins = [first + day * DAY + hour * 2 * HOUR for day in range(31) for hour in range(10)]
    known = {str(index): Session(str(index), at, at + 2 * HOUR, 10.0) for index, at in enumerate(begins)}
    sessions = [*(known | {one.transaction_id: one for one in unknown}).values()]
    device = catalogue.devices["testville", "point"]
    sink = SessionSink(connection, catalogue, "replay:test")
    found = [FoundSession(device, one, row) for row, one in enumerate(sessions)]
    sink.write(ResolvedSessions(found, []), [RawMessage("test", b"{}", NOW - DAY)] * len(found))
    sink.declare_complete({device.device_id: "testville"}, first, last)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    with few_indicators(["ev_charging_energy"]):
        compute(Engine(connection), NOW)
    return _figure(connection, "month", START), _figure(connection, "day", date(2026, 3, 10))


def _figure(connection: Connection, period: str, day: date) -> store.StoredFigure:
    start = datetime.combine(day, time(), ZoneInfo(ZONE))
    with connection.transaction():
        within = (start, start + timedelta(hours=1))
        found = store.values(connection, "ev_charging_energy", "testville", None, period, *within)
    return next(one for one in found if one.period_start == start)


def unknown(index: int, *, is_ended: bool = True) -> Session:
    at = day_start(START, ZONE) + index // 10 * DAY + index % 10 * 2 * HOUR
    return Session(str(index), at, at + 2 * HOUR if is_ended else None, None)


def test_a_month_is_final_though_nobody_knows_one_of_its_sessions(connection: Connection) -> None:
    month, day = month_of(connection, unknown(95))  # on the 10th
    assert (month.value, month.status) == (3090.0, "final")
    assert [month.lower, month.upper] == pytest.approx([3090.0, 3090.0 + UNKNOWN])
    assert (day.value, day.status) == (None, "insufficient")
    assert [day.lower, day.upper] == pytest.approx([90.0, 90.0 + UNKNOWN])
    assert "the energy of a session or several is not known" in str(day.reason)


def test_a_session_of_which_nothing_is_known_leaves_its_month_without_a_figure(connection: Connection) -> None:
    month, _ = month_of(connection, unknown(95, is_ended=False))
    assert (month.value, month.status, month.lower, month.upper) == (None, "insufficient", 3090.0, None)
    assert "the energy of a session or several is not known" in str(month.reason)
