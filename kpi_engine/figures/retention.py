"""Thinning: figures of open periods get a revision every hour, and of those that are old one a civil day is enough.

A first load that comes day by day makes a revision of a month for each of its days, and one of these is enough as well.
Superseded for more than KEEP, not final, computed while its period was open or during a first load, and not the last
one of the civil day (in the city's zone) it was computed on: such a revision goes. All others stay for ever, so
``as_of`` never answers with a figure that was not the one known then; at an instant whose revision is gone it answers
with none. Records of recomputations whose only cause was that an hour had passed go at the same age, and so does what
nothing refers to any more: inputs with the last of their figures, texts within a week.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.time import DAY, HOUR, MINUTE, from_micros
from processors.storage.database import Connection
from processors.storage.figures import batches, texts
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KEEP: Final = 35 * DAY
PORTION: Final = 6 * HOUR  # of superseded revisions at a time, so that nobody waits for it
EVERY: Final = 10 * MINUTE
WEEK: Final = 7 * DAY  # between two looks for texts that nothing refers to: each reads all figures


@dataclass(frozen=True)
class Thinned:
    """How many revisions and records one portion removed."""

    revisions: int = 0
    records: int = 0


class Thinning:
    """Thins a portion every ten minutes; what is behind is made up for, six hours each time."""

    def __init__(self) -> None:
        self._next = 0

    def step(self, connection: Connection, now: int) -> Thinned:
        """Thin a portion if it is time to; ``now`` in microseconds."""
        if now < self._next:
            return Thinned()
        self._next = now + EVERY
        with connection.transaction():
            return thin(connection, now)


def thin(connection: Connection, now: int) -> Thinned:
    """Thin the oldest portion that is due, in the caller's transaction."""
    row = connection.execute(SQL["thinning_start"]).fetchone()
    start = row[0] if row else None
    if start is None or start >= now - KEEP:
        return Thinned()
    span = {"start": from_micros(start), "end": from_micros(min(start + PORTION, now - KEEP))}
    freed = [batch_id for (batch_id,) in connection.execute(SQL["thin_values"], span)]
    batches.remove_unused(connection, sorted(set(freed)))
    records = sum(count for (count,) in connection.execute(SQL["thin_recomputations"], span))
    connection.execute(SQL["thinning_done"], span)
    if connection.execute(
        SQL["texts_through"], {"now": from_micros(now), "before": from_micros(now - WEEK)}
    ).fetchone():
        texts.remove_unused(connection)
    return Thinned(len(freed), records)
