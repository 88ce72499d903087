"""Figures of charging, from readings and records to what is published, on the day on which clocks are put forward."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.observation import RawMessage
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.session import Session
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from kpi_engine.factors.factor import EmissionBoundary
from kpi_engine.factors.registry import sync as publish
from kpi_engine.figures import store as figures
from processors.storage.database import Connection, connect
from processors.storage.sessions.sink import SessionSink
from tests.factors import factor
from tests.kpi_engine.running_town import RunningTown
from tests.processors.stored_readings import Reading, store
from tests.towns import charging_point, device, fact, sending, town

pytestmark = pytest.mark.integration

START: Final = to_micros(datetime(2026, 3, 28, 23, tzinfo=UTC))  # 29 March in Copenhagen, a day of 23 hours
HOURS: Final = 23
NOW: Final = START + 3 * DAY
STATES: Final = QUANTITIES["connector_status"].states
POWER: Final = 60.0  # kW
QUAY: Final = {
    "facts": [
        fact("rated_power", POWER, "kW"),
        fact("excluded_outage", 5, "percent", valid_from="2026-03-29", valid_to="2026-03-30"),
    ]
}
READ: Final = town(
    charging_point("connector_status", "electricity_energy", every="PT10M"),
    device("grid", "grid_signal", "grid_renewable_share", site="air"),
    sites={"quay": QUAY},
    factors={"electricity": "test"},
)
RECORDED: Final = town(charging_point(sending("electricity_energy", kind="session")), sites={"quay": QUAY})

Status = Callable[[float], str]


class Quay(RunningTown):
    """A quay whose readings and records are stored, rolled up and computed as the running roles do."""

    def __init__(self, connection: Connection, own: Connection, city: str) -> None:
        grid = factor("electricity", 0.2).model_copy(update={"boundary": EmissionBoundary.LIFE_CYCLE})
        publish(connection, [grid])
        super().__init__(connection, own, city, NOW)
        self._sink = SessionSink(connection, self._catalogue, "replay:test")

    def states(self, first: float, last: float, status: Status) -> list[Reading]:
        """Return the status of the point every ten minutes of [first, last) hours after START."""
        series = self.series("point", "connector_status")
        steps = range(round(first * 6), round(last * 6))
        return [(series, START + step * 10 * MINUTE, float(STATES.index(status(step / 6)))) for step in steps]

    def register(self, hours: int, power: Callable[[float], float]) -> list[Reading]:
        """Return the register of the point every ten minutes, of the power at each instant."""
        series, value, found = self.series("point", "electricity_energy"), 0.0, []
        for step in range(6 * hours + 1):
            found.append((series, START + step * 10 * MINUTE, value))
            value += power(step / 6) / 6
        return found

    def grid(self, share: Callable[[int], float]) -> list[Reading]:
        """Return the renewable share of every hour, and of the one after."""
        series = self.series("grid", "grid_renewable_share")
        return [(series, START + hour * HOUR, share(hour)) for hour in range(HOURS + 2)]

    def reads(self, *every: Sequence[Reading]) -> None:
        """Store readings, roll them up and compute until nothing is due."""
        store(self._connection, [one for readings in every for one in readings])
        self.settle()

    def records(self, *sessions: Session) -> None:
        """Store records of sessions, all there are of the day, and compute until nothing is due."""
        point = self._catalogue.devices["harbour", "point"]
        found = [FoundSession(point, one, row) for row, one in enumerate(sessions)]
        self._sink.write(ResolvedSessions(found, []), [RawMessage("test", b"{}", NOW - DAY)] * len(found))
        self._sink.declare_complete({point.device_id: "harbour"}, START, START + HOURS * HOUR)
        self.settle()

    def figure(self, kpi: str, begin: int = START) -> figures.StoredFigure:
        """Return the city's figure of the day that begins then."""
        within = from_micros(begin), from_micros(begin + 1)
        with self._connection.transaction():
            (found,) = figures.values(self._connection, kpi, "harbour", None, "day", *within)
        return found


@pytest.fixture
def connections(database_url: str) -> Iterator[tuple[Connection, Connection]]:
    with connect(database_url, "test") as connection, connect(database_url, "test") as own:
        yield connection, own


def of_the_day(hour: float) -> str:
    """Charge from 6 to 8 and leave at 9, be faulted from 12 to 14, plug in for ten minutes, charge from 20 to 21."""
    spans = (
        (6, 8, "Charging"),
        (8, 9, "SuspendedEV"),
        (12, 14, "Faulted"),
        (15, 15.1, "Preparing"),
        (20, 21, "Charging"),
    )
    return next((state for first, last, state in spans if first <= hour < last), "Available")


def power(hour: float) -> float:
    return 20.0 if 6 <= hour < 8 else 30.0 if 20 <= hour < 21 else 0.0


def test_a_day_of_23_hours_from_readings_to_every_figure(connections: tuple[Connection, Connection]) -> None:
    quay = Quay(*connections, READ)
    quay.reads(
        quay.states(0, HOURS + 1, of_the_day),
        quay.register(HOURS + 1, power),
        quay.grid(lambda h: 80.0 if h < 10 else 20.0),
    )
    connected = 3 + 1 / 6 + 1
    expected = {
        "ev_sessions_completed": 2.0,
        "ev_energy_per_session": 35.0,
        "ev_failed_session_rate": 100 / 3,
        "ev_flexibility": 100 * (40 * (1 - 40 / (POWER * 3)) + 30 * (1 - 30 / POWER)) / 70,
        "ev_time_utilisation": 100 * connected / HOURS,
        "ev_charging_time_utilisation": 100 * 3 / HOURS,
        "ev_idle_share": 100 * (connected - 3) / connected,
        "ev_availability": 100 * 21 / HOURS,
        "ev_uptime_nevi": 100 * (HOURS - (2 - 0.05 * HOURS)) / HOURS,
        "ev_uptime_uk": 100 * 21 / HOURS,
        "ev_energy_utilisation": 100 * 70 / (POWER * HOURS),
        "ev_peak_load": 30.0,
        "ev_simultaneity": 50.0,
        "ev_renewable_share": (40 * 80 + 30 * 20) / 70,
        "ev_avoided_emissions": 70 * (0.21 * 0.9 / 0.18 - 0.2),
    }
    found = {kpi: quay.figure(kpi) for kpi in expected}

    assert {kpi: one.value for kpi, one in found.items()} == pytest.approx(expected)
    assert {one.status for one in found.values()} == {"final"}
    assert all(one.coverage == pytest.approx(1.0) for one in found.values())
    assert quay.not_reproduced() == []


def overnight(hour: float) -> str:
    return "Charging" if 20 <= hour < 26 else "Available"


def slowly(hour: float) -> float:
    return 5.0 if 20 <= hour < 26 else 0.0


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_day_follows_the_end_of_a_session_that_began_on_it_whatever_comes_first(
    connections: tuple[Connection, Connection], order: Sequence[int]
) -> None:
    quay = Quay(*connections, READ)
    last = HOURS + 25
    parts = [quay.states(0, HOURS, overnight), quay.states(HOURS, last, overnight), quay.register(last, slowly)]
    for part in order:
        quay.reads(parts[part])
    found = [quay.figure(kpi) for kpi in ("ev_sessions_completed", "ev_energy_per_session", "ev_flexibility")]

    assert [one.value for one in found] == pytest.approx([1.0, 30.0, 100 * (1 - 30 / (6 * POWER))])
    assert quay.figure("ev_sessions_completed", START + HOURS * HOUR).value == 0.0


def test_a_session_without_its_end_leaves_no_figure_of_its_day_and_the_plug_out_makes_one(
    connections: tuple[Connection, Connection],
) -> None:
    quay = Quay(*connections, READ)
    quay.reads(quay.states(0, HOURS + 1, overnight), quay.register(HOURS + 1, slowly))
    before = quay.figure("ev_energy_per_session")
    assert (before.value, before.status) == (None, "insufficient")

    quay.reads(quay.states(HOURS + 1, 36, overnight), quay.register(36, slowly))
    after = quay.figure("ev_energy_per_session")
    assert after.value == pytest.approx(30.0)
    assert after.status == "final"
    assert after.revision > before.revision


def test_a_record_whose_end_becomes_known_moves_what_depends_on_it(connections: tuple[Connection, Connection]) -> None:
    quay = Quay(*connections, RECORDED)
    at = START + 5 * HOUR
    quay.records(Session("1", at, None, 10.0), Session("2", at + 6 * HOUR, at + 8 * HOUR, 20.0))
    first = quay.figure("ev_flexibility")
    assert quay.figure("ev_energy_per_session").value == 15.0
    assert first.value is None  # a third of the energy has an unknown time

    quay.records(Session("1", at, at + 2 * HOUR, 10.0))
    second = quay.figure("ev_flexibility")
    assert second.value == pytest.approx(100 * (10 * (1 - 10 / (POWER * 2)) + 20 * (1 - 20 / (POWER * 2))) / 30)
    assert second.revision == first.revision + 1
    assert quay.figure("ev_energy_per_session").value == 15.0
