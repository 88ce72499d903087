"""What is due, by city and indicator: since when and why, in which shards, who computes it, and what failed last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Queued:
    """Figures of one indicator of a city, its sites and its groups that are due.

    ``since``: when the oldest of them was noted; ``cause``: of the most urgent one. ``workers``: sessions of the
    database that have claimed one of the ``shards``. ``failed_at`` and ``error``: of the last failure since then.
    """

    city: str
    kpi: str
    figures: int
    since: datetime
    cause: str
    shards: Sequence[int]
    workers: Sequence[str]
    failed_at: datetime | None = None
    error: str | None = None


def queued(connection: Connection, cities: Sequence[str] | None = None) -> list[Queued]:
    """Return what is due of some cities, or of all (None): what is computed first comes first."""
    with connection.cursor(row_factory=class_row(Queued)) as cursor:
        return cursor.execute(SQL["queue_overview"], {"cities": None if cities is None else list(cities)}).fetchall()
