"""What becomes of readings that are new, known, known otherwise or refused by the database, however they come."""

import numpy as np
import psycopg
import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.observation import IntColumn, ObservationBatch
from ingest.model.time import DAY, HOUR, from_micros
from processors.errors import KnownReadingError
from processors.storage.database import Connection
from processors.storage.readings.observations import Observations, WriteResult
from processors.storage.readings.partitions import Partitions
from processors.storage.readings.sources import source_ids
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

CITY = town(heat_meter())
START = 1_700_000_000_000_000


def batch(*readings: tuple[int, float], series_id: int, revision: float | None = None) -> ObservationBatch:
    """Return readings of hours since START."""
    count = len(readings)
    return ObservationBatch(
        series_id=np.full(count, series_id),
        time=np.array([START + hour * HOUR for hour, _ in readings]),
        value=np.array([value for _, value in readings]),
        received_at=np.full(count, START),
        quality=np.zeros(count, np.int64),
        message=np.zeros(count, np.int64),
        revision=None if revision is None else np.full(count, revision),
    )


class _Register:
    """The readings of one register in a database, all from one source."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.connection = connection
        self.series_id = next(iter(catalogue.series))
        self.source = int(source_ids(connection, "mqtt", ["harbour"])[0])
        self._observations = Observations(connection)
        Partitions(connection).ensure(np.array([START]))

    def append(self, *readings: tuple[int, float], revision: float | None = None) -> WriteResult:
        """Store what is expected to be new, in a transaction."""
        return self._write("append", batch(*readings, series_id=self.series_id, revision=revision))

    def merge(self, *readings: tuple[int, float], revision: float | None = None) -> WriteResult:
        """Store what may be known, in a transaction."""
        return self._write("merge", batch(*readings, series_id=self.series_id, revision=revision))

    def _write(self, how: str, rows: ObservationBatch) -> WriteResult:
        source: IntColumn = np.full(len(rows), self.source)
        with self.connection.transaction():
            result: WriteResult = getattr(self._observations, how)(rows, source)
            return result

    def stored(self) -> dict[int, float]:
        """Return the effective value of each hour."""
        rows = self.connection.execute("select time, value from observation order by time").fetchall()
        start = from_micros(START)
        return {int((time - start).total_seconds() // 3600): value for time, value in rows}

    def marks(self) -> int:
        """Return how many stretches are to be computed anew."""
        ((count,),) = self.connection.execute("select count(*) from observation_mark").fetchall()
        return int(count)


@pytest.fixture
def register(connection: Connection, catalogue: Catalogue) -> _Register:
    return _Register(connection, catalogue)


def test_new_readings_are_stored_and_each_stretch_of_them_is_marked_once(register: _Register) -> None:
    days = 3 * DAY // HOUR
    result = register.append((0, 1.0), (1, 2.0), (days, 3.0))
    assert (result.stored.total(), result.conflict.total(), result.refused) == (3, 0, {})
    assert register.stored() == {0: 1.0, 1: 2.0, days: 3.0}
    assert register.marks() == 2


def test_an_append_of_a_known_reading_stores_nothing_of_its_batch(register: _Register) -> None:
    register.append((0, 1.0))
    with pytest.raises(KnownReadingError):
        register.append((1, 2.0), (0, 1.0))
    assert register.stored() == {0: 1.0}


def test_an_append_takes_neither_two_values_of_one_reading_nor_values_with_a_time_of_issue(
    register: _Register,
) -> None:
    with pytest.raises(KnownReadingError, match="two values"):
        register.append((0, 1.0), (0, 2.0))
    with pytest.raises(KnownReadingError, match="issued"):
        register.append((0, 1.0), revision=1.0)
    assert register.stored() == {}


def test_what_comes_again_is_no_new_reading_and_no_conflict(register: _Register) -> None:
    register.append((0, 1.0))
    result = register.merge((0, 1.0), (1, 2.0))
    assert (result.stored.total(), result.conflict.total()) == (1, 0)
    assert register.stored() == {0: 1.0, 1: 2.0}


@pytest.mark.parametrize("first", [1.0, 5.0])
def test_of_two_values_of_equal_rank_the_larger_one_is_effective_whichever_came_first(
    register: _Register, first: float
) -> None:
    register.append((0, first))
    result = register.merge((0, 6.0 - first))
    assert (result.stored.total(), result.conflict.total()) == (0, 1)
    assert register.stored() == {0: 5.0}


def test_a_value_issued_later_is_effective_even_where_it_is_smaller(register: _Register) -> None:
    register.merge((0, 5.0), revision=1.0)
    register.merge((0, 3.0), revision=2.0)
    register.merge((0, 9.0), revision=1.5)
    assert register.stored() == {0: 3.0}


def test_rows_that_the_database_refuses_cost_no_other_row_and_are_named(register: _Register) -> None:
    register.connection.execute("alter table observation add constraint below_100 check (value < 100)")
    result = register.merge((0, 1.0), (1, 200.0), (2, 3.0), (3, 400.0))
    assert register.stored() == {0: 1.0, 2: 3.0}
    assert result.stored.total() == 2
    assert set(result.refused) == {1, 3}
    assert all("below_100" in words for words in result.refused.values())


def test_a_transaction_that_ends_badly_leaves_neither_readings_nor_marks(register: _Register) -> None:
    def end_badly() -> None:
        with register.connection.transaction():
            register.append((0, 1.0))
            register.connection.execute("select 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        end_badly()
    assert register.stored() == {}
    assert register.marks() == 0
