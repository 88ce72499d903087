"""Factors in the database: what was published stays, and what figures refer to can always be looked up."""

from collections.abc import Sequence
from typing import Final

from psycopg.rows import dict_row

from ingest.wording import first_of
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

NAMED: Final = 5  # changed factors in one sentence


def sync(connection: Connection, factors: Sequence[Factor]) -> int:
    """Store the factors that are new and return how many; raises FactorError where a published one has changed.

    One transaction; doing it twice changes nothing.
    """
    with connection.transaction():
        new = unpublished(load(connection), factors)
        with connection.cursor() as cursor:
            cursor.executemany(SQL["factor_insert"], [factor.model_dump() for factor in new])
    return len(new)


def unpublished(published: Sequence[Factor], factors: Sequence[Factor]) -> list[Factor]:
    """Return which of ``factors`` are not published yet; raises FactorError where one is, with other contents."""
    known = {factor.key: factor for factor in published}
    changed = [factor for factor in factors if known.get(factor.key, factor) != factor]
    if changed:
        differences = first_of((_difference(known[factor.key], factor) for factor in changed), NAMED, "; ")
        raise FactorError(f"{differences}; a changed factor needs a new version. Nothing was changed.")
    return [factor for factor in factors if factor.key not in known]


def load(connection: Connection) -> list[Factor]:
    """Return every published factor, in order of publication."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [Factor.model_validate(row) for row in cursor.execute(SQL["factors"])]


def _difference(stored: Factor, given: Factor) -> str:
    before, after = stored.model_dump(), given.model_dump()
    difference = ", ".join(f"{key}: {before[key]!r}, now {after[key]!r}" for key in before if before[key] != after[key])
    published = "was published with other contents"
    return f"factor {given.name} version {given.version} from {given.valid_from} {published} ({difference})"
