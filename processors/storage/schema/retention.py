"""Retention: raw readings before a horizon are gone, but for the last one of each series; what they came to stays.

The horizon is the edge of a chunk or partition and moves forward only. Hours that begin before it are never computed
again (see ``processors.rollups.worker``), later ones as if nothing were missing: of what was before, an hour needs the
last reading only. A reading from before the horizon is refused, since nothing could tell what it changes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch, Refusal
from ingest.model.time import DAY, from_micros
from ingest.reasons import Reason
from processors.steps.columns import ABSENT
from processors.storage import interval_begins
from processors.storage.database import Connection
from processors.storage.statements import statements
from processors.storage.transactions import committing

SQL: Final = statements(__name__)

SHORTEST_DAYS: Final = 400  # the year that is being reported on, and a month to close it
_NEVER_DROPPED: Final = (SHORTEST_DAYS - 1) * DAY


@dataclass(frozen=True)
class Expiry:
    """What came of an attempt: the new ``horizon`` with the readings ``kept`` before it, or what it is ``held_by``."""

    horizon: datetime | None = None
    kept: int = 0
    held_by: str | None = None


def horizon(connection: Connection) -> int:
    """Return since when readings are kept, in microseconds; ABSENT while nothing was ever dropped."""
    row = connection.execute(SQL["retention_horizon"]).fetchone()
    return ABSENT if row is None or row[0] is None else int(row[0])


def hold(connection: Connection) -> None:
    """Keep the horizon where it is until the transaction ends."""
    connection.execute(SQL["retention_hold"])


def before_horizon(connection: Connection, batch: ObservationBatch, *, held: bool = False) -> npt.NDArray[np.bool_]:
    """Return which readings are from before the horizon; ``held``: it stays where it is until the transaction ends.

    Asks the database only where a batch holds readings so old that they could be.
    """
    if not len(batch) or int(batch.time.min()) > int(batch.received_at.min()) - _NEVER_DROPPED:
        return np.zeros(len(batch), np.bool_)
    if held:
        hold(connection)
    before: npt.NDArray[np.bool_] = batch.time < horizon(connection)
    return before


def refusals(batch: ObservationBatch, rows: npt.NDArray[np.bool_], catalogue: Catalogue, since: int) -> list[Refusal]:
    """Return why ``rows`` are not stored, one refusal per message and series; ``since``: the horizon."""
    keys, counts = np.unique(np.stack([batch.message[rows], batch.series_id[rows]]), axis=1, return_counts=True)
    found = []
    for message, series_id, count in zip(*keys.tolist(), counts.tolist(), strict=True):
        series = catalogue.series[series_id]
        detail = f"{series.quantity}: readings are kept since {from_micros(since):%Y-%m-%d}, this one is older"
        concerned = (series.city, series.device, series.quantity)
        found.append(Refusal(message, Reason.BEFORE_RETENTION, detail, count, *concerned))
    return found


def expire(connection: Connection, days: int, now: datetime | None = None) -> Expiry:
    """Drop readings older than ``days`` (at least SHORTEST_DAYS), whole chunks or partitions, and commit.

    Holds back while something is still to be computed from them, and waits for cycles that compute rollups to end: none
    begins meanwhile. Raises psycopg.errors.LockNotAvailable when readers are in the way for long; nothing was dropped
    then.
    """
    if days < SHORTEST_DAYS:
        raise ValueError(f"readings are kept for at least {SHORTEST_DAYS} days, not {days}")
    latest = (now or datetime.now(UTC)) - timedelta(days=days)
    with committing(connection):
        connection.execute(SQL["retention_claim"])
        row = connection.execute(SQL["retention_edge"], {"latest": latest}).fetchone()
        if row is None:
            return Expiry()
        pending = connection.execute(SQL["retention_pending"], {"edge": row[0]}).fetchone() or ()
        if any(pending):
            names = ("touched readings", "changed hours", "figures")
            return Expiry(held_by=", ".join(f"{count} {name}" for count, name in zip(pending, names, strict=True)))
        kept = connection.execute(SQL["retention_drop"], {"edge": row[0]}).fetchone()
        interval_begins.forget(connection, row[0])
        return Expiry(row[0], kept[0] if kept else 0)
