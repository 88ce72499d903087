"""Factors in the database: what was published stays, and what figures refer to can always be looked up."""

from collections.abc import Sequence
from typing import Final

from psycopg.rows import dict_row

from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def sync(connection: Connection, factors: Sequence[Factor]) -> int:
    """Store the factors that are new and return how many; raises FactorError where a published one has changed.

    One transaction; doing it twice changes nothing.
    """
    with connection.transaction():
        known = {(factor.name, factor.version, factor.valid_from): factor for factor in load(connection)}
        new = []
        for factor in factors:
            stored = known.get((factor.name, factor.version, factor.valid_from))
            if stored is not None and stored != factor:
                raise FactorError(
                    f"factor {factor.name} version {factor.version} from {factor.valid_from} was published with other "
                    f"contents ({_difference(stored, factor)}); a changed factor needs a new version. "
                    "Nothing was changed."
                )
            new += [] if stored else [factor.model_dump()]
        with connection.cursor() as cursor:
            cursor.executemany(SQL["factor_insert"], new)
    return len(new)


def load(connection: Connection) -> list[Factor]:
    """Return every published factor, in order of publication."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [Factor.model_validate(row) for row in cursor.execute(SQL["factors"])]


def _difference(stored: Factor, given: Factor) -> str:
    before, after = stored.model_dump(), given.model_dump()
    return ", ".join(f"{key}: {before[key]!r}, now {after[key]!r}" for key in before if before[key] != after[key])
