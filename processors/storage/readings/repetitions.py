"""Readings that came again as they were known, by series and ten minutes: of whom the duplicates of the ledger are."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def record(connection: Connection, repeated: Mapping[int, int], at: datetime) -> None:
    """Count how many readings of each series came again at an instant."""
    given = {"series": list(repeated), "readings": list(repeated.values()), "at": at}
    connection.execute(SQL["repetitions_record"], given)


def counted(connection: Connection, series: Iterable[int], since: datetime, until: datetime) -> int:
    """Return how many readings of some series came again in a span of time, which is widened to whole ten minutes."""
    given = {"series": list(series), "since": since, "until": until}
    found = connection.execute(SQL["repetitions_counted"], given).fetchone()
    return int(found[0]) if found else 0


def expire(connection: Connection, before: datetime) -> None:
    """Forget what came again before an instant; commits."""
    connection.execute(SQL["repetitions_expire"], {"before": before})
    connection.commit()
