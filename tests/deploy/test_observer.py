"""What is seen of the database from beside: whether it answers, who holds up whom, how old the oldest of a queue is."""

import socket
from collections.abc import Iterator
from contextlib import closing
from threading import Thread

import psycopg
import pytest

from deploy.cli import process
from deploy.observer import Observer, Oldest, TakenAway, held_up
from deploy.progress import Loop, Progress
from processors.storage.database import Connection, ImpatientConnection, connect, look
from tests.waiting import until

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with closing(connect(database_url, "test")) as opened:
        yield opened


@pytest.fixture
def administrator(database_url: str) -> Iterator[Connection]:
    with closing(connect(database_url, "psql")) as opened:
        opened.execute("lock table ledger in access exclusive mode")
        yield opened


def test_the_session_that_holds_a_lock_is_named(
    database_url: str, connection: Connection, administrator: Connection
) -> None:
    def wait() -> None:
        with closing(connect(database_url, "pharos ingest")) as waiting:
            waiting.execute("select count(*) from ledger")

    waiting = Thread(target=wait)
    waiting.start()
    connection.autocommit = True
    until(lambda: held_up(connection, ["pharos ingest"]))
    told = held_up(connection, ["pharos ingest"]) or ""
    pid, role = administrator.info.backend_pid, administrator.info.user
    assert told == f"it waits for a lock on ledger, held by database session {pid} (psql, of {role})"
    assert held_up(connection, ["pharos kpi"]) is None
    administrator.rollback()
    waiting.join(PATIENCE_SECONDS)
    assert held_up(connection, ["pharos ingest"]) is None


def test_a_table_that_stays_locked_is_a_cause_at_the_second_look(
    connection: Connection, administrator: Connection
) -> None:
    locked, of_others = TakenAway("^ledger"), TakenAway("^kpi_")
    for each in (locked, of_others):
        each.look(connection)
        assert each.causes() == {}
        each.look(connection)
    pid, role = administrator.info.backend_pid, administrator.info.user
    sentence = locked.causes()["lock"].sentence
    assert sentence == f"ledger cannot be read: database session {pid} (psql, of {role}) has locked it for itself"
    assert of_others.causes() == {}
    administrator.rollback()
    locked.look(connection)
    assert locked.causes() == {}


def test_the_age_of_the_oldest_mark_is_told_and_goes_on_ageing_while_it_cannot_be_read(connection: Connection) -> None:
    oldest = Oldest(process.SQL["oldest_mark"])
    oldest.look(connection)
    assert oldest() is None
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time, marked_at)"
        " values (1, now(), now(), now() - interval '1 hour'), (2, now(), now(), now())"
    )
    oldest.look(connection)
    assert (oldest() or 0) >= 3600
    with pytest.raises(psycopg.Error):
        oldest.look(_closed(connection))
    assert (oldest() or 0) >= 3600


def test_what_looks_gives_up_a_lock_within_seconds(database_url: str, administrator: Connection) -> None:
    del administrator
    with closing(look(database_url, "looker")) as looking, pytest.raises(psycopg.errors.LockNotAvailable):
        looking.execute("select count(*) from ledger")


def test_a_server_that_says_nothing_is_given_up(database_url: str) -> None:
    with closing(ImpatientConnection.connect(database_url)) as impatient:
        with impatient.waiting_for(0.1), pytest.raises(psycopg.OperationalError, match="does not answer"):
            impatient.execute("select pg_sleep(60)")
        assert impatient.closed


def test_a_database_that_does_not_answer_is_a_cause_and_what_holds_a_loop_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        loop = Loop("storing", "readings are not being stored", patience=0.0)
        progress = Progress([loop])
        url = f"postgresql://nobody@127.0.0.1:{mute.getsockname()[1]}/nothing"
        with closing(Observer(url, ["test"], progress, every=0.1, silent=0.2)) as observer, loop.piece():
            until(observer.causes)
            assert [cause.sentence for cause in observer.causes().values()] == ["the database does not answer"]
            assert progress.causes()["storing"].sentence.endswith("Z: the database does not answer")


def _closed(connection: Connection) -> Connection:
    connection.close()
    return connection


def test_a_look_that_takes_long_is_done_more_seldom_than_the_others(database_url: str) -> None:
    short, long = list[float](), list[float]()

    def slow(connection: Connection) -> None:
        connection.execute("select pg_sleep(0.5)")
        long.append(0.5)

    looks = [lambda _: short.append(0.0), slow]
    with closing(Observer(database_url, ["test"], Progress([]), looks, every=0.01)):
        until(lambda: len(short) > 20)
    assert len(long) == 1
