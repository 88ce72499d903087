"""Everything that is due, computed; and what tables hold then, by a digest that is cheap for a million rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from kpi_engine.engine.engine import Engine
from kpi_engine.indicators import INDICATORS
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


@contextmanager
def few_indicators(names: Iterable[str]) -> Iterator[None]:
    """Let subjects have no indicators but some, so that tests of what all have in common wait for no others."""
    with patch("kpi_engine.subjects.subject.INDICATORS", {name: INDICATORS[name] for name in names}):
        yield
