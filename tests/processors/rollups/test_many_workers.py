"""Many workers on one database: shards that are held, passed on and taken over, and what comes out is one worker's."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from random import Random
from threading import Event

import psycopg
import pytest

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.time import HOUR
from processors.rollups.worker import RollupWorker
from processors.steps.columns import Ints, RollupColumns, Spans
from processors.storage import at_work
from processors.storage.at_work import ALONE, PeerPlace, WorkingSession
from processors.storage.database import Connection, connect
from processors.storage.rollups.rollups import RollupStore
from processors.storage.rollups.shards import EVERY, RollupShards
from tests.processors import charging_point_traces, rolled_up_city
from tests.processors.charging_point_traces import SESSIONS, kept
from tests.processors.rolled_up_city import rollups
from tests.processors.stored_readings import Reading, drain, roll_up_afresh, store
from tests.towns import charging_point, heat_meter, sending, town

pytestmark = pytest.mark.integration

PLUG = sending("plugged_in", max_gap="PT1H")
CITY = town(
    *(
        heat_meter(sending("heat_energy", max_gap="PT2H"), "return_temperature", name=name, every="PT15M")
        for name in ("north", "east", "south", "west")
    ),
    *(
        charging_point(PLUG, "electricity_energy", SESSIONS, name=name, every="PT5M")
        for name in ("bow", "stern", "mast")
    ),
    name="testville",
    zone="Europe/Tallinn",
)


class Member:
    """A worker with a session of its own, as a process has one."""

    def __init__(self, url: str, catalogue: Catalogue, application: str = "test of many") -> None:
        self.connection = connect(url, application)
        self.session = WorkingSession.of(self.connection, application)
        self.store, self.shards = RollupStore(self.connection), RollupShards(self.connection)
        self.worker = RollupWorker(self.store, lambda: catalogue)
        self.worker.own(())

    def take(self, place: PeerPlace) -> None:
        """Have the share of a place, as far as nobody else has it."""
        before = self.shards.held
        if self.shards.balance(place) or self.shards.held != before:
            self.worker.own(self.shards.held)

    def close(self) -> None:
        """End, as a process that is killed does."""
        self.connection.close()


@pytest.fixture
def member(database_url: str, catalogue: Catalogue) -> Iterator[Callable[[], Member]]:
    """Return what makes a worker on the test's database."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(Member(database_url, catalogue)))


@pytest.fixture
def readings(catalogue: Catalogue) -> list[Reading]:
    meters = {key for key, one in catalogue.series.items() if one.site == "house"}
    of_meters = [one for one in rolled_up_city.trace(catalogue, 1, 80) if one[0] in meters]
    return of_meters + charging_point_traces.trace(catalogue, 1, 80)


def result(connection: Connection) -> tuple[list[str], ...]:
    """Return what was rolled up, the sessions that were assembled, and which marks are left; to the bit, NaN too."""
    left = connection.execute("select series_id from observation_mark").fetchall()
    return tuple([repr(row) for row in rows] for rows in (rollups(connection), kept(connection), left))


def of_one_worker(connection: Connection, catalogue: Catalogue) -> tuple[list[str], ...]:
    """Return what one worker makes of what is stored, in one go."""
    roll_up_afresh(connection, catalogue, "rollup_row, rollup_block, charging_session")
    return result(connection)


def batches(readings: Sequence[Reading], random: Random) -> Iterator[Sequence[Reading]]:
    """Yield the readings in portions, some of them late."""
    left = sorted(readings, key=lambda one: one[1] + random.choice([0, 0, 0, 9]) * HOUR)
    while left:
        size = random.randrange(1, 120)
        yield left[:size]
        left = left[size:]


@pytest.mark.parametrize("count", [2, 3])
def test_workers_that_come_go_and_are_killed_make_what_one_makes_to_the_bit(
    connection: Connection,
    catalogue: Catalogue,
    readings: list[Reading],
    member: Callable[[], Member],
    count: int,
) -> None:
    random = Random(count)
    members = [member() for _ in range(count)]
    for batch in batches(readings, random):
        store(connection, batch)
        for number, one in enumerate(members):
            one.take(PeerPlace(number, len(members)))
            if random.random() < 0.6:
                one.worker.cycle()
        if random.random() < 0.15:
            members.pop(random.randrange(len(members))).close()
            members = [*members, member()]
        elif random.random() < 0.15:
            random.shuffle(members)  # all get another share
    held: list[int] = []
    while len(held) < len(EVERY):  # what another has to let go of first is claimed in the next round
        for number, one in enumerate(members):
            one.take(PeerPlace(number, count))
        held = [shard for one in members for shard in one.shards.held]
    assert sorted(held) == list(EVERY)
    for one in members:
        drain(one.worker)
    made = result(connection)
    assert len(made[0]) > 400
    assert len(made[1]) > 10
    assert made == of_one_worker(connection, catalogue)


def test_workers_at_the_same_time_make_what_one_makes(
    connection: Connection, catalogue: Catalogue, readings: list[Reading], member: Callable[[], Member]
) -> None:
    members, finished = [member() for _ in range(3)], Event()

    def work(number: int) -> int:
        one, hours = members[number], 0
        one.take(PeerPlace(number, 3))
        while True:
            was_finished = finished.is_set()
            hours += (cycle := one.worker.cycle()).hours
            if was_finished and not cycle.spans:
                return hours

    with ThreadPoolExecutor(3) as threads:
        working = [threads.submit(work, number) for number in range(3)]
        try:
            for batch in batches(readings, Random(5)):
                store(connection, batch)
        finally:
            finished.set()
        assert all(one.result() > 0 for one in working)
    made = result(connection)
    assert made[2] == []
    assert made == of_one_worker(connection, catalogue)


def test_what_a_worker_held_that_is_killed_within_a_cycle_is_free_and_as_it_was(
    connection: Connection,
    catalogue: Catalogue,
    readings: list[Reading],
    member: Callable[[], Member],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(connection, readings)
    killed, heir = member(), member()
    killed.take(ALONE)
    heir.take(ALONE)
    assert heir.shards.held == ()
    mark = killed.store.mark

    def last_words(changed: Spans, *, is_first: bool) -> None:
        mark(changed, is_first=is_first)
        connection.execute("select pg_terminate_backend(%s)", [killed.session.pid])

    monkeypatch.setattr(killed.store, "mark", last_words)
    with pytest.raises(psycopg.OperationalError):
        killed.worker.cycle()
    heir.take(ALONE)
    assert heir.shards.held == EVERY
    drain(heir.worker)
    assert result(connection) == of_one_worker(connection, catalogue)


def test_a_frozen_worker_is_ended_by_its_peers_and_writes_nothing_when_it_goes_on(
    connection: Connection,
    catalogue: Catalogue,
    readings: list[Reading],
    member: Callable[[], Member],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(connection, readings[: len(readings) // 2])
    frozen, heir = member(), member()
    at_work.seen(connection, frozen.session)
    frozen.take(ALONE)
    is_frozen, goes_on = Event(), Event()
    insert = frozen.store.insert

    def freeze(table: RollupColumns, series_id: Ints, period: Period) -> None:
        is_frozen.set()
        goes_on.wait()
        insert(table, series_id, period)

    monkeypatch.setattr(frozen.store, "insert", freeze)
    with ThreadPoolExecutor(1) as thread:
        cycle = thread.submit(frozen.worker.cycle)
        is_frozen.wait()
        try:
            place, ended = at_work.seen(connection, heir.session)
            assert (place, ended) == (PeerPlace(1, 2), 0)  # it was seen a moment ago
            place, ended = at_work.seen(connection, heir.session, patience=0.0)
            assert (place, ended) == (ALONE, 1)
            while heir.shards.held != EVERY:  # until its session has taken back what it had done
                heir.take(place)
            store(connection, readings[len(readings) // 2 :])
            drain(heir.worker)
            made = result(connection)
        finally:
            goes_on.set()
        with pytest.raises(psycopg.OperationalError):
            cycle.result()
    assert result(connection) == made
    assert made == of_one_worker(connection, catalogue)


def test_a_session_that_ended_is_nobodys_peer_and_that_of_another_work_is_left_alone(
    connection: Connection, database_url: str, catalogue: Catalogue, member: Callable[[], Member]
) -> None:
    here, gone = member(), member()
    with closing(Member(database_url, catalogue, "test of others")) as other:
        for one in (gone, here, other):
            at_work.seen(connection, one.session)
        assert at_work.seen(connection, here.session)[0] == PeerPlace(1, 2)
        gone.close()
        while connection.execute("select 1 from pg_stat_activity where pid = %s", [gone.session.pid]).fetchone():
            pass
        assert at_work.seen(connection, here.session, patience=0.0) == (ALONE, 0)
        assert other.connection.execute("select 1").fetchone() == (1,)
    at_work.left(connection, here.session)
    assert connection.execute("select application from at_work").fetchall() == [("test of others",)]
