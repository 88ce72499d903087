"""Statistics in the database: every given value stays, and what is known follows the order of commits.

Values are given and withdrawn as figures are written (``moments``), so ``as_of`` answers what a reader could have seen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from psycopg.rows import dict_row

from ingest.model.city.assets import City
from ingest.model.time import from_micros
from kpi_engine import moments
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.statistics.given import GivenValue, StoredValue
from kpi_engine.statistics.importing import ImportPlan, plan
from kpi_engine.statistics.statistics_file import Placed
from processors.storage.database import Connection
from processors.storage.statements import statements
from processors.storage.transactions import committing

SQL: Final = statements(__name__)

Clock = Callable[[], int]  # microseconds


@dataclass(frozen=True)
class StatisticQuery:
    """Which values: of these ``cities`` (None: all), of this ``site`` and ``statistic``, as known at ``as_of``.

    Only those that hold, unless ``every_one`` is asked for; at most ``limit`` of them, given before number ``before``.
    """

    cities: Sequence[str] | None = None
    site: str | None = None
    statistic: str | None = None
    as_of: datetime | None = None
    every_one: bool = False
    before: int | None = None
    limit: int | None = None


def load(connection: Connection, query: StatisticQuery) -> list[StoredValue]:
    """Return values of one moment, those given last first."""
    return [_stored(row) for row in moments.read(connection, dict[str, Any], SQL["statistics"], asdict(query))]


def load_current(connection: Connection) -> list[StoredValue]:
    """Return every value that holds, as the transaction of the caller sees it."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_stored(row) for row in cursor.execute(SQL["statistics"], asdict(StatisticQuery()))]


def planned(connection: Connection, cities: Mapping[str, City], given: Sequence[Placed]) -> ImportPlan:
    """Return what an import would do now; raises StatisticError as it would. ``cities``: the registered ones."""
    query = StatisticQuery(cities=sorted({one.city for _, one in given}), every_one=True)
    with connection.cursor(row_factory=dict_row) as cursor:
        beside = [_stored(row) for row in cursor.execute(SQL["statistics"], asdict(query))]
    return plan(cities, beside, given)


def give(connection: Connection, cities: Mapping[str, City], given: Sequence[Placed], clock: Clock) -> ImportPlan:
    """Keep what is new of ``given``, all of it or nothing; committed on return. Doing it twice changes nothing.

    Raises StatisticError with each value that cannot stand beside the others; then nothing is kept.
    """
    with committing(connection):
        moments.write(connection)
        made = planned(connection, cities, given)
        known_at = from_micros(clock())
        with connection.cursor() as cursor:
            cursor.executemany(SQL["statistic_add"], [one.contents | {"known_at": known_at} for one in made.new])
    return made


def withdraw(connection: Connection, number: int, author: str, reason: str, clock: Clock) -> bool:
    """Take a value back; committed on return. False where there is none of that number, or no longer."""
    with committing(connection):
        moments.write(connection)
        parameters = {"number": number, "author": author, "reason": reason, "at": from_micros(clock())}
        return bool(connection.execute(SQL["statistic_withdraw"], parameters).rowcount)


def _stored(row: Mapping[str, Any]) -> StoredValue:
    """Return a row as a value. What was accepted once is read as it is."""
    facts = {key: row[key] for key in GivenValue.model_fields}
    basis = row["calorific_basis"]
    given = GivenValue.model_construct(**facts | {"calorific_basis": basis and CalorificBasis(basis)})
    beside = {key: row[key] for key in ("number", "holds", "known_at", "withdrawn_at", "withdrawn_by", "withdrawn_for")}
    return StoredValue(given=given, **beside)
