"""What is kept of sessions that readings tell of: only what changed is written, and when it began is known."""

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.session import PLUGS, Session
from ingest.model.time import DAY, HOUR, from_micros
from processors.storage.database import Connection
from processors.storage.sessions.assembled import Assembled, AssembledStore, Reach, Touched
from tests.processors import charging_point_traces
from tests.processors.charging_point_traces import START, series, visit
from tests.processors.stored_readings import store

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

CITY = charging_point_traces.CITY


def session(name: str, begin: int, energy: float | None = 4.0) -> Session:
    """Return a session of an hour that begins hours after START."""
    return Session(name, START + begin * HOUR, START + (begin + 1) * HOUR, energy, lower_kwh=energy, upper_kwh=energy)


class _Quay:
    """The store of assembled sessions, and one point on the quay."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._store = AssembledStore(connection, ["testville"])
        self.device_id = catalogue.devices["testville", "plugged"].device_id

    def keep(self, *sessions: Session, hours: int = 24) -> list[int]:
        """Keep these as all of the hours after START; returns after how many hours the changed ones begin."""
        found = Assembled(self.device_id, "testville", START, START + hours * HOUR, sessions)
        (begins,) = self._store.keep([found])
        return [(begin.instant - START) // HOUR for begin in begins]

    def kept(self) -> dict[str, float | None]:
        """Return the energy of each session."""
        rows = self._connection.execute("select transaction_id, energy_kwh from charging_session order by begin_at")
        return dict(rows.fetchall())

    def reach(self, touched: Touched) -> Reach:
        """Return what readings that were touched can have changed."""
        (found,) = self._store.reach(PLUGS[0], [touched])
        return found


@pytest.fixture
def quay(connection: Connection, catalogue: Catalogue) -> _Quay:
    return _Quay(connection, catalogue)


def test_sessions_are_kept_once_and_say_when_they_begin(quay: _Quay) -> None:
    assert quay.keep(session("a", 1), session("b", 5)) == [1, 5]
    assert quay.keep(session("a", 1), session("b", 5)) == []
    assert quay.kept() == {"a": 4.0, "b": 4.0}


def test_a_session_that_changed_says_when_it_begins_and_when_it_began_before(quay: _Quay) -> None:
    quay.keep(session("a", 1), session("b", 5))
    assert quay.keep(session("a", 2), session("b", 5)) == [1, 2]
    assert quay.keep(session("a", 2), session("b", 5, energy=None)) == [5]
    assert quay.kept() == {"a": 4.0, "b": None}


def test_a_session_of_which_readings_tell_no_more_is_gone_and_others_stay(quay: _Quay) -> None:
    quay.keep(session("a", 1), session("b", 5))
    assert quay.keep(session("b", 5)) == [1]
    assert quay.kept() == {"b": 4.0}


def test_what_begins_outside_of_the_hours_that_were_looked_at_stays(quay: _Quay) -> None:
    quay.keep(session("a", 1), session("b", 30), hours=48)
    assert quay.keep(session("a", 1)) == []
    assert quay.kept() == {"a": 4.0, "b": 4.0}


def test_a_reading_within_a_session_reaches_to_the_beginning_of_the_next_one_and_no_further(
    quay: _Quay, connection: Connection, catalogue: Catalogue
) -> None:
    plug = [(0, 0.0), (60, 1.0), (120, 0.0), (300, 1.0), (360, 0.0), (600, 1.0), (660, 0.0)]
    store(connection, visit(catalogue, "plugged", plug, []))
    quay.keep(session("a", 1), session("b", 5), session("c", 10))
    plug_id, register_id = (series(catalogue, "plugged", name) for name in ("plugged_in", "electricity_energy"))
    at = START + 5 * HOUR + HOUR // 2
    found = quay.reach(Touched(quay.device_id, plug_id, register_id, at, at))
    assert START + 1 * HOUR < found.start <= START + 5 * HOUR
    assert found.end == START + 10 * HOUR + 1  # the next one began with what is known of this one


def test_a_long_reach_is_worked_off_in_parts_that_leave_nothing_out() -> None:
    whole = Reach(START, START + 10 * DAY, START - HOUR, START + 11 * DAY)
    parts = list(whole.parts(3 * DAY))
    assert [(part.start, part.end) for part in parts] == [
        (START, START + 3 * DAY),
        (START + 3 * DAY, START + 6 * DAY),
        (START + 6 * DAY, START + 9 * DAY),
        (START + 9 * DAY, START + 10 * DAY),
    ]
    assert (parts[0].since, parts[-1].until) == (whole.since, whole.until)
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.joined(part)
    assert joined == whole


def test_readings_that_were_there_before_are_marked_once(connection: Connection, catalogue: Catalogue) -> None:
    store(connection, visit(catalogue, "plugged", [(0, 0.0), (60, 1.0)], []))
    connection.execute("truncate observation_mark")
    AssembledStore(connection, ["testville"])
    plug_id = series(catalogue, "plugged", "plugged_in")
    marks = connection.execute("select series_id, from_time, to_time from observation_mark").fetchall()
    assert marks == [(plug_id, from_micros(START), from_micros(START + HOUR))]
    connection.execute("truncate observation_mark")
    AssembledStore(connection, ["testville"])
    assert connection.execute("select from observation_mark").fetchall() == []
