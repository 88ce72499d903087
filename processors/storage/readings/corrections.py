"""What people correct: a better value for the readings of a series in a span of time, with author and reason.

A source of its own, above every other. The values that were reported stay beside it, and a correction that is withdrawn
leaves them as if it had not been entered; of several the one entered last holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from ingest.model.catalogue import Series
from ingest.model.city.source_rank import HIGHEST
from ingest.model.observation import IntColumn
from ingest.model.revision import of_micros
from ingest.model.time import from_micros, to_micros
from processors.storage.database import Connection
from processors.storage.failures import classified
from processors.storage.readings import decisions, ledger, ranks
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.partitions import Partitions
from processors.storage.readings.sources import source_ids
from processors.storage.schema import retention
from processors.storage.statements import statements
from processors.storage.transactions import committing

SQL: Final = statements(__name__)

SOURCE: Final = "correction"
RANK: Final = HIGHEST + 1


@dataclass(frozen=True)
class CorrectionEntry:
    """What somebody enters: ``value``, in the unit of ``series``, for its readings in [start, end)."""

    series: Series
    start: int
    end: int
    value: float
    author: str
    reason: str


@dataclass(frozen=True)
class Corrected:
    """A reading that a correction speaks of, with its value until then; None where it had none."""

    time: datetime
    former: float | None


@dataclass(frozen=True)
class Correction:
    """A correction as it is kept; ``readings``: how many it gave the value to."""

    correction_id: int
    city: str
    device: str
    quantity: str
    unit: str
    from_time: datetime
    to_time: datetime
    value: float
    readings: int
    author: str
    reason: str
    entered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_for: str | None


def is_dropped(connection: Connection, entry: CorrectionEntry) -> bool:
    """Whether readings of that time are not kept any more."""
    return entry.start < retention.horizon(connection)


def corrected(connection: Connection, entry: CorrectionEntry) -> list[Corrected]:
    """Return the readings that ``entry`` speaks of: those stored in its span."""
    span = {"series": entry.series.series_id, "from_time": from_micros(entry.start), "to_time": from_micros(entry.end)}
    return [Corrected(*row) for row in connection.execute(SQL["correction_readings"], span)]


def enter(connection: Connection, entry: CorrectionEntry, readings: Sequence[Corrected], now: int) -> int:
    """Give ``readings`` the value of ``entry``; committed on return of the correction's number.

    ``now``: when it is entered, in microseconds.
    """
    with classified():
        (source,) = source_ids(connection, SOURCE, [entry.series.city]).tolist()
        Partitions(connection).ensure(_times(readings))
        with committing(connection):
            connection.execute(ranks.SQL["source_rank"], {"name": SOURCE, "rank": RANK})
            parameters = {
                "series": entry.series.series_id,
                "from_time": from_micros(entry.start),
                "to_time": from_micros(entry.end),
                "value": entry.value,
                "author": entry.author,
                "reason": entry.reason,
                "revision": of_micros(now),
                "entered_at": from_micros(now),
                "source": source,
                "times": [one.time for one in readings],
            }
            (number,) = connection.execute(SQL["correction_add"], parameters).fetchone() or (0,)
            _give(connection, parameters)
            new = sum(one.former is None for one in readings)
            ledger.post(connection, {source: Receipt(stored=new, conflict=len(readings) - new)})
    return int(number)


def withdraw(connection: Connection, number: int, author: str, reason: str, now: int) -> bool:
    """Take a correction back; committed on return. False where there is none of that number, or no longer."""
    with classified(), committing(connection):
        parameters = {"number": number, "author": author, "reason": reason, "at": from_micros(now)}
        if not connection.execute(SQL["correction_withdraw"], parameters).rowcount:
            return False
        decisions.decide_again(connection, SQL["contested_of_correction"], {"number": number})
    return True


def listed(connection: Connection, city: str | None = None, device: str | None = None) -> list[Correction]:
    """Return corrections of a city, of a device or of all, the latest first."""
    scope = {"city": city, "device": device}
    return [Correction(*row) for row in connection.execute(SQL["correction_list"], scope)]


def _give(connection: Connection, entry: dict[str, Any]) -> None:
    """Keep a value among those of the readings it is for, beside what was reported, and decide about them again."""
    decisions.begin(connection)
    for statement in (
        SQL["contested_of_times"],
        decisions.SQL["contested_unpack"],
        decisions.SQL["conflict_keep_effective"],
        SQL["correction_give"],
        decisions.SQL["contested_by_index"],
        decisions.SQL["conflict_resolve"],
    ):
        takes = statement in {SQL["contested_of_times"], SQL["correction_give"]}
        connection.execute(statement, entry if takes else None)


def _times(readings: Sequence[Corrected]) -> IntColumn:
    return np.array([to_micros(one.time) for one in readings], np.int64)
