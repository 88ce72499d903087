"""Quarantine: refused messages, kept raw with the reason; one entry per source, topic, payload and reason.

The same message refused again for the same reason counts an occurrence and is a duplicate: its readings had their
outcome. Payloads expire some time after the message last came; the rows stay, so that the ledger can be checked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from ingest.model.observation import RawMessage, Refusal
from ingest.model.time import from_micros
from processors.storage.database import Connection, sql
from processors.storage.ledger import Receipt

_PACKAGE: Final = "processors.storage"
_DETAIL_LENGTH: Final = 500
_EXPIRED_AT_ONCE: Final = 1_000

SourceOf = Callable[[str | None], int]


@dataclass
class _Entry:
    """One entry as a write sees it; ``readings`` of its first occurrence, ``again`` those of the others."""

    source_id: int
    refusal: Refusal
    message: RawMessage
    detail: str
    readings: int
    again: int = 0
    occurrences: int = 1
    first: int = 0
    last: int = 0

    def repeat(self, readings: int, received_at: int) -> None:
        self.again += readings
        self.occurrences += 1
        self.first = min(self.first, received_at)
        self.last = max(self.last, received_at)


@dataclass(frozen=True)
class Quarantined:
    """A refused message as it is kept; ``payload`` is None once it has expired."""

    quarantine_id: int
    last_received_at: datetime
    first_received_at: datetime
    city: str
    device: str | None
    source: str
    topic: str
    reason: str
    detail: str
    readings: int
    occurrences: int
    payload: bytes | None


def keep(
    connection: Connection, refusals: Iterable[Refusal], messages: Sequence[RawMessage], source_of: SourceOf
) -> Mapping[int, Receipt]:
    """Keep ``refusals`` with their messages, within the caller's transaction; ``source_of`` a city gives the source id.

    Returns what became of the readings by source id: quarantined, or duplicate where they had been before.
    """
    entries = _entries(refusals, messages, source_of)
    if not entries:
        return {}
    added = connection.execute(sql(_PACKAGE, "quarantine_add"), _columns(entries)).fetchall()
    new = {bytes(digest) for (digest,) in added}
    again = {digest: entry for digest, entry in entries.items() if digest not in new}
    if again:
        connection.execute(sql(_PACKAGE, "quarantine_again"), _columns(again))
    receipts: dict[int, Receipt] = defaultdict(Receipt)
    for digest, entry in entries.items():
        quarantined = entry.readings if digest in new else 0
        duplicate = entry.readings + entry.again - quarantined
        receipts[entry.source_id] += Receipt(quarantined=quarantined, duplicate=duplicate)
    return receipts


@dataclass(frozen=True)
class Filter:
    """Which refused messages are asked for; None means any."""

    city: str | None = None
    device: str | None = None
    reason: str | None = None
    quarantine_id: int | None = None


def find(connection: Connection, wanted: Filter, limit: int = 100) -> list[Quarantined]:
    """Return refused messages, the latest first."""
    parameters = asdict(wanted) | {"limit": limit}
    return [Quarantined(*row) for row in connection.execute(sql(_PACKAGE, "quarantine_list"), parameters)]


def expire(connection: Connection, before: datetime) -> int:
    """Clear the payloads of messages that last came before an instant, in short transactions; returns how many."""
    cleared = 0
    while True:
        done = connection.execute(sql(_PACKAGE, "quarantine_expire"), {"before": before, "limit": _EXPIRED_AT_ONCE})
        connection.commit()
        cleared += done.rowcount
        if done.rowcount < _EXPIRED_AT_ONCE:
            return cleared


def _entries(refusals: Iterable[Refusal], messages: Sequence[RawMessage], source_of: SourceOf) -> dict[bytes, _Entry]:
    """Gather refusals by digest, ordered by it: writers that meet lock the rows in the same order."""
    entries: dict[bytes, _Entry] = {}
    for (index, reason), group in groupby(sorted(refusals, key=_place), key=_place):
        same = list(group)
        message, source_id = messages[index], source_of(same[0].city)
        readings = sum(refusal.readings for refusal in same)
        digest = sha256(
            b"\0".join((b"%d" % source_id, reason.encode(), _bytes(message.topic), message.payload))
        ).digest()
        if digest in entries:
            entries[digest].repeat(readings, message.received_at)
        else:
            at = message.received_at
            entries[digest] = _Entry(source_id, same[0], message, _detail(same), readings, first=at, last=at)
    return dict(sorted(entries.items()))


def _place(refusal: Refusal) -> tuple[int, str]:
    return refusal.message, refusal.reason


def _detail(same: Sequence[Refusal]) -> str:
    text = same[0].detail[:_DETAIL_LENGTH]
    others = sum(refusal.faults for refusal in same) - 1
    return f"{text} (and {others} more)" if others > 0 else text


def _columns(entries: Mapping[bytes, _Entry]) -> dict[str, Any]:
    found = list(entries.values())
    return {
        "digest": list(entries),
        "source_id": [entry.source_id for entry in found],
        "city": [_text(entry.refusal.city) for entry in found],
        "device": [_text(entry.refusal.device) for entry in found],
        "topic": [_text(entry.message.topic) for entry in found],
        "reason": [str(entry.refusal.reason) for entry in found],
        "detail": [_text(entry.detail) for entry in found],
        "payload": [entry.message.payload for entry in found],
        "readings": [entry.readings for entry in found],
        "occurrences": [entry.occurrences for entry in found],
        "first": [from_micros(entry.first) for entry in found],
        "last": [from_micros(entry.last) for entry in found],
    }


def _text(value: str | None) -> str | None:
    """Return text the database takes: it knows neither NUL nor lone surrogates."""
    return None if value is None else _bytes(value).decode().replace("\0", "\\0")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
