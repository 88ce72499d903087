"""Everything that is due, computed; and what tables hold then, by a digest that is cheap for a million rows."""

from typing import Any

from kpi_engine.engine import Engine
from processors.storage.database import Connection


def compute(engine: Engine, now: int) -> None:
    """Let an engine work until nothing is due, with more in each step, as the engine does that runs."""
    while engine.step(now).recomputed:
        engine.pace(seconds=0.0, wanted=1.0)


def contents(connection: Connection, query: str) -> tuple[Any, ...]:
    """Return how many rows a query has and a sum of their hashes: the same for the same rows, in whatever order."""
    digest = f"select count(*), sum(hashtextextended(found::text, 0)) from ({query}) found"  # noqa: S608 - of a test
    with connection.transaction():
        found: tuple[Any, ...] | None = connection.execute(digest.encode()).fetchone()
    assert found
    assert found[0] > 0
    return found
