"""Who sent what no city file knows, as quarantine holds it: how much, since when, and the messages themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ingest.model.observation import RawMessage
from ingest.model.time import to_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

SAMPLES: Final = 200


@dataclass(frozen=True)
class Stranger:
    """One who sent: a device by the name that its messages give it, else what its topics have in common.

    ``city`` as its topic or its binding says, None where neither does. ``messages`` that came, of which ``kept`` can be
    taken once more, and ``dropped`` were not kept for want of room.
    """

    origin: str
    city: str | None
    source: str
    reasons: list[str]
    first_received_at: datetime
    last_received_at: datetime
    messages: int
    kept: int
    dropped: int
    size: int


def strangers(
    connection: Connection, cities: Sequence[str] | None, origin: str | None = None, limit: int = 100
) -> list[Stranger]:
    """Return who sent what no city file knows, the last one first; of ``cities`` (None: all, and of none)."""
    scope = None if cities is None else list(cities)
    parameters = {"cities": scope, "origin": origin, "limit": limit}
    return [Stranger(*row) for row in connection.execute(SQL["stranger_list"], parameters)]


def samples(connection: Connection, stranger: Stranger, limit: int = SAMPLES) -> list[RawMessage]:
    """Return the newest messages of one, in the order of their first receipt; each copy that was news."""
    parameters = {"origin": stranger.origin, "city": stranger.city, "source": stranger.source, "limit": limit}
    found = [
        RawMessage(topic, payload, to_micros(at))
        for topic, payload, times in connection.execute(SQL["stranger_samples"], parameters)
        for at in times
    ]
    return sorted(found, key=lambda one: one.received_at)[-limit:]
