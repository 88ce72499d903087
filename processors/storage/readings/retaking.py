"""Refused messages on their way to be taken once more: out of quarantine, and their readings out of its account.

Whoever takes them settles both in the transaction that gives their readings another outcome, so that the ledger and
what quarantine holds agree at every instant. A message that was refused for several reasons is taken once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg.rows import class_row

from ingest.model.observation import RawMessage
from ingest.model.time import to_micros
from processors.storage.database import Connection
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine import Filter, parameters_of
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Waiting:
    """A refused message as it waits: by which ``source`` it came, and why it was refused, with the sentence of each."""

    source: str
    message: RawMessage
    rows: tuple[int, ...]
    refusals: tuple[tuple[str, str | None], ...]
    copies: tuple[RawMessage, ...]


@dataclass(frozen=True)
class _Row:
    """A row of quarantine; ``receipts`` is None where it was kept by a version that did not note them."""

    number: int
    source: str
    topic: str
    payload: bytes
    reason: str
    detail: str | None
    first: datetime
    receipts: list[datetime] | None


@dataclass
class Settlement:
    """Takes rows out of quarantine as their messages are written; ``waiting`` holds what is still to be settled."""

    rows: dict[tuple[str, bytes], tuple[int, ...]]
    _held: dict[int, Receipt] = field(default_factory=dict)
    _repeated: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, waiting: Iterable[Waiting]) -> "Settlement":
        """Return the settlement of messages."""
        return cls({(one.message.topic, one.message.payload): one.rows for one in waiting})

    def begin(self, connection: Connection, messages: Sequence[RawMessage]) -> None:
        """Take ``messages`` out of quarantine, within the transaction that writes what becomes of them."""
        keys = dict.fromkeys((one.topic, one.payload) for one in messages)
        rows = [row for key in keys for row in self.rows.get(key, ())]
        found = connection.execute(SQL["retaken_remove"], {"rows": rows}).fetchall() if rows else []
        self._held = {source: Receipt(quarantined=readings) for source, readings, _ in found}
        self._repeated = {source: repeated for source, _, repeated in found}

    def settled(self, receipts: Mapping[int, Receipt]) -> Mapping[int, Receipt]:
        """Return what the ledger is to be told, where ``receipts`` say what became of the readings this time."""
        return moved(receipts, {source: one.quarantined for source, one in self._held.items()}, self._repeated)


def moved(
    receipts: Mapping[int, Receipt], held: Mapping[int, int], repeated: Mapping[int, int]
) -> Mapping[int, Receipt]:
    """Return how accounts of sources change when readings that quarantine ``held`` get the outcomes of ``receipts``.

    They are received no second time. What was stored beside them at the first time is a duplicate now and is not
    counted again. A reading that turns out to be several was not known to be, and is received as that many. Copies of
    a message were counted as duplicates when they were refused, ``repeated`` readings at most: those that turn out to
    be readings of their own, since they have the time of their arrival, are none.
    """
    change: dict[int, Receipt] = defaultdict(Receipt)
    for source, readings in held.items():
        change[source] += Receipt(quarantined=-readings)
    news = sum(one.received - one.duplicate for one in receipts.values())
    known = max(0, sum(held.values()) - news)
    for source, one in sorted(receipts.items()):
        duplicate = min(one.duplicate, known)
        known -= duplicate
        change[source] += Receipt(one.stored, duplicate, one.conflict, one.quarantined)
    back = max(0, news - sum(held.values()))
    for source, readings in sorted(repeated.items()):
        taken = min(back, readings)
        back -= taken
        change[source] += Receipt(duplicate=-taken)
    return change


def waiting(
    connection: Connection, wanted: Filter, *, after: int, through: int, limit: int
) -> tuple[list[Waiting], int | None]:
    """Return refused messages of ``wanted`` by number, with all that was refused of each, and the number reached.

    That is None where there are no more. What somebody else takes meanwhile is taken once: the second one to settle it
    finds nothing in quarantine, and its readings known.
    """
    parameters: dict[str, Any] = parameters_of(wanted) | {"beyond": after, "through": through, "limit": limit}
    chosen = connection.execute(SQL["retaking_next"], parameters).fetchall()
    if not chosen:
        return [], None
    whole: dict[tuple[str, str, bytes], list[_Row]] = defaultdict(list)
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        for row in cursor.execute(SQL["retaking_whole"], {"rows": [number for (number,) in chosen]}):
            whole[row.source, row.topic, row.payload].append(row)
    return [_waiting(key, same) for key, same in whole.items()], max(number for (number,) in chosen)


def newest(connection: Connection) -> int:
    """Return the number of the last message that was refused so far; 0 where none was."""
    row = connection.execute(SQL["retaking_newest"]).fetchone()
    return int(row[0]) if row else 0


def _waiting(key: tuple[str, str, bytes], same: Sequence[_Row]) -> Waiting:
    source, topic, payload = key
    first = to_micros(min(row.first for row in same))
    came = max((row.receipts if row.receipts is not None else [row.first] for row in same), key=len)
    news = [RawMessage(topic, payload, to_micros(at)) for at in sorted(came)]
    # A copy is its own reading where it has no time of its own; of what was retained nobody knows that.
    copies = news or [RawMessage(topic, payload, first, retained=True)]
    return Waiting(
        source,
        copies[0],
        tuple(sorted(row.number for row in same)),
        tuple(sorted((row.reason, row.detail) for row in same)),
        tuple(copies),
    )
