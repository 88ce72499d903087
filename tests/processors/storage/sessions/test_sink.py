"""Sessions in the store: repeats change nothing, conflicts are kept and chosen by content, absent is never zero."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import permutations
from math import inf
from random import Random

import pytest

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.calendar import day_start
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.session import Session
from ingest.model.time import HOUR, MINUTE, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.readings.ledger import Receipt
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from processors.storage.sessions.sink import SessionSink
from tests.processors.stored_readings import drain
from tests.towns import charging_point, fact, sending, town

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

POINT = charging_point(sending("electricity_energy", kind="session"), sending("charging_sessions", kind="session"))
ZONE = "Europe/Oslo"
CITY = town(POINT, name="testville", zone=ZONE)
RATED = town(POINT, name="testville", zone=ZONE, sites={"quay": {"facts": [fact("rated_power", 11, "kW")]}})
NIGHT = day_start(date(2024, 10, 26), ZONE), day_start(date(2024, 10, 28), ZONE)  # 49 hours
BEGIN = to_micros(datetime(2024, 10, 26, 23, 50, tzinfo=UTC))


class Garage:
    """A point's sessions, stored and rolled up."""

    def __init__(self, connection: Connection, source: str = "replay:test") -> None:
        self.connection = connection
        self.catalogue = sync(connection, [parse(CITY, "testville.yaml")])
        connection.commit()
        self.device = self.catalogue.devices["testville", "point"]
        self.sink = SessionSink(connection, self.catalogue, source)

    def give(self, *sessions: Session) -> Receipt:
        """Store sessions."""
        found = [FoundSession(self.device, one, index) for index, one in enumerate(sessions)]
        messages = [RawMessage("test", b"{}", BEGIN) for _ in sessions]
        return self.sink.write(ResolvedSessions(found, []), messages)

    def declare(self, span: tuple[int, int] = NIGHT) -> None:
        """Declare that all is here."""
        self.sink.declare_complete({self.device.device_id: "testville"}, *span)

    def roll_up(self) -> None:
        """Bring the rollups up to date."""
        drain(RollupWorker(RollupStore(self.connection), lambda: self.catalogue))

    def rollups(self, quantity: str, period: str) -> list[tuple[object, ...]]:
        """Return count, total and measured seconds by bucket."""
        query = """select count, total, measured from rollup join series using (series_id)
                   where quantity = %s and period = %s order by bucket"""
        with self.connection.transaction():
            return self.connection.execute(query, (quantity, period)).fetchall()

    def doubts(self) -> list[float | None]:
        """Return by how much more than its sum the energy of each month may be."""
        query = """select doubt_above from rollup join series using (series_id)
                   where quantity = 'electricity_energy' and period = 'month' order by bucket"""
        with self.connection.transaction():
            return [doubt for (doubt,) in self.connection.execute(query)]

    def effective(self) -> list[tuple[object, ...]]:
        """Return what the store holds to be true of each session."""
        query = "select transaction_id, begin_at, end_at, energy_kwh from charging_session order by 1"
        with self.connection.transaction():
            return self.connection.execute(query).fetchall()


@pytest.fixture
def garage(database_url: str) -> Iterator[Garage]:
    with connect(database_url, "test") as connection:
        yield Garage(connection)


def session(name: str = "a", energy: float | None = 5.0, begin: int = BEGIN, hours: float | None = 2) -> Session:
    return Session(name, begin, None if hours is None else begin + int(hours * HOUR), energy)


def test_the_same_session_again_is_a_duplicate_and_changes_nothing(garage: Garage) -> None:
    assert garage.give(session(), session()) == Receipt(stored=1, duplicate=1)
    garage.roll_up()
    assert garage.give(session()) == Receipt(duplicate=1)
    with garage.connection.transaction():
        assert garage.connection.execute("select count(*) from observation_mark").fetchone() == (0,)


def test_of_contents_that_differ_one_is_chosen_whatever_came_first(garage: Garage) -> None:
    contents = [session(hours=None), session(energy=7.0), session(energy=5.0)]
    effective = []
    for index, order in enumerate(permutations(contents)):
        named = [Session(f"{index}", one.begin, one.end, one.energy_kwh) for one in order]
        assert sum((garage.give(one) for one in named), Receipt()) == Receipt(stored=1, conflict=2)
        effective.append(garage.effective()[-1][1:])
    assert len(set(effective)) == 1
    assert effective[0][-1] == 7.0


def test_what_was_declared_to_be_whole_is_zero_where_no_session_began(garage: Garage) -> None:
    garage.give(session())
    garage.declare()
    garage.roll_up()
    assert garage.rollups("charging_sessions", "day") == [(0, 0.0, 24 * 3600.0), (1, 1.0, 25 * 3600.0)]
    assert garage.rollups("electricity_energy", "month") == [(1, 5.0, 49 * 3600.0)]
    assert len(garage.rollups("electricity_energy", "hour")) == 49


def test_without_a_declaration_a_session_is_known_and_nothing_else_is(garage: Garage) -> None:
    garage.give(session())
    garage.roll_up()
    assert garage.rollups("electricity_energy", "hour") == [(1, 5.0, 0.0)]


def test_an_unknown_energy_counts_the_least_and_bounds_what_it_may_have_been(garage: Garage) -> None:
    garage.give(session(), session("b", energy=None))
    garage.declare()
    garage.roll_up()
    assert garage.rollups("charging_sessions", "month") == [(2, 2.0, 49 * 3600.0)]
    assert garage.rollups("electricity_energy", "month") == [(2, 5.0, 49 * 3600.0)]
    assert garage.doubts() == [pytest.approx(500.0 * (2 + 1 / 60), rel=1e-6)]  # of the month: no power is declared
    garage.give(session("c", energy=None, hours=None))
    garage.roll_up()
    assert garage.doubts() == [inf]
    garage.give(session("b", energy=7.0), session("c", energy=1.0))
    garage.roll_up()
    assert (garage.rollups("electricity_energy", "month"), garage.doubts()) == ([(3, 13.0, 49 * 3600.0)], [None])


def test_a_declared_power_that_a_session_cannot_have_had_takes_its_energy_back(garage: Garage) -> None:
    garage.give(session(energy=60.0))
    garage.declare()
    garage.roll_up()
    assert garage.rollups("electricity_energy", "month") == [(1, 60.0, 49 * 3600.0)]
    garage.catalogue = sync(garage.connection, [parse(RATED, "testville.yaml")])
    garage.connection.commit()
    garage.roll_up()
    assert garage.rollups("electricity_energy", "month") == [(1, 0.0, 49 * 3600.0)]
    assert garage.doubts() == [pytest.approx(1.1 * 11 * (2 + 1 / 60), rel=1e-6)]


def test_a_session_that_proves_to_have_begun_elsewhere_leaves_its_old_hour(garage: Garage) -> None:
    garage.give(session(hours=1))
    garage.declare()
    garage.roll_up()
    garage.give(session(begin=BEGIN - 5 * HOUR, hours=7))
    garage.roll_up()
    assert [count for count, *_ in garage.rollups("charging_sessions", "day")] == [1, 0]


def test_order_repetition_portions_and_restarts_end_in_the_same_state(garage: Garage) -> None:
    ends: list[object] = []
    for seed in range(3):
        random = Random(seed)
        garage.connection.execute(
            "truncate charging_session, charging_session_version, charging_session_span, rollup_row, rollup_block"
        )
        garage.connection.commit()
        sessions = [session(str(index), index / 8, BEGIN - index * 37 * MINUTE, 0.5) for index in range(20)]
        sessions += [session(str(index), 3.0, BEGIN - index * 30 * MINUTE, 0.6) for index in range(0, 20, 3)]
        given = random.sample(sessions, len(sessions)) + random.sample(sessions, 9)
        declare_after = random.randrange(len(given))
        while given:
            size = random.randrange(1, 8)
            Garage(garage.connection).give(*given[:size])  # as after a restart
            given = given[size:]
            if len(given) <= declare_after:
                garage.declare()
            if random.random() < 0.5:
                garage.roll_up()
        garage.declare()
        garage.roll_up()
        quantities = ("electricity_energy", "charging_sessions")
        ends.append(
            (garage.effective(), [garage.rollups(one, p) for one in quantities for p in ("hour", "day", "month")])
        )
    assert ends[0] == ends[1] == ends[2]
