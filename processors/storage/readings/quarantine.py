"""Quarantine: refused messages, kept raw with the reason; one entry per source, topic, payload and reason.

The same message refused again for the same reason counts an occurrence and is a duplicate: its readings had their
outcome. Some time after the message last came, every word of it expires: payload, detail, and names that no city file
knows. The rows stay, so that the ledger can be checked. Beyond the quota of its sender a message is not kept: one row
for each reason counts it and its readings, also when it comes again, since nothing is there to know it by. Of what no
city file knows the oldest goes. When each copy came is kept as well, so that messages can be taken once more as of then
(``quarantine_replay``).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from msgspec import structs

from ingest.model.observation import RawMessage, Refusal
from ingest.model.time import from_micros, isoformat
from ingest.pseudonyms import Pseudonyms
from ingest.topic_shape import shape
from processors.storage.database import Connection
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.pseudonym_key import unkept
from processors.storage.readings.quarantine_quota import Quota, Room, Sender, Strangers
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_DETAIL_LENGTH: Final = 500
_EXPIRED_AT_ONCE: Final = 1_000
_RECEIPTS: Final = 1_000  # copies of one message that can be taken once more

SourceOf = Callable[[str | None], int]
IsRegistered = Callable[[str | None, str | None], bool]


@dataclass(frozen=True)
class Origins:
    """Whom messages are from: the source id of a city, and whether a city file knows a device of a city by its name."""

    source_of: SourceOf
    is_registered: IsRegistered


@dataclass
class _Entry:
    """One entry as a write sees it; ``readings`` of its first occurrence, ``again`` those of the others."""

    sender: Sender
    refusal: Refusal
    message: RawMessage
    detail: str
    readings: int
    again: int = 0
    occurrences: int = 1
    is_kept: bool = True
    received: list[int] = field(default_factory=list)
    news: list[int] = field(default_factory=list)

    @property
    def source_id(self) -> int:
        return self.sender[0]

    @property
    def origin(self) -> str | None:
        """Who sent it, where no city file knows that."""
        return None if self.sender[1] else self.refusal.device or shape(self.message.topic)

    def came(self, message: RawMessage) -> None:
        """Note when a copy came."""
        self.received.append(message.received_at)
        if not (message.redelivered or message.retained):
            self.news.append(message.received_at)

    def repeat(self, readings: int, message: RawMessage) -> None:
        """Count one more copy."""
        self.again += readings
        self.occurrences += 1
        self.came(message)


@dataclass(frozen=True)
class Quarantined:
    """A refused message as it is kept; ``payload`` and ``detail`` are None once they have expired.

    ``is_summary``: it stands for all ``occurrences`` of messages beyond the quota of their sender.
    """

    quarantine_id: int
    last_received_at: datetime
    first_received_at: datetime
    city: str
    device: str | None
    source: str
    topic: str
    reason: str
    field: str | None
    detail: str | None
    readings: int
    occurrences: int
    is_summary: bool
    payload: bytes | None


@dataclass(frozen=True)
class Shelves:
    """Where refused messages are put: each device of a city file has a ``quota``, the others are ``strangers``."""

    quota: Quota
    strangers: Strangers
    pseudonyms: Callable[[], Pseudonyms] = unkept

    @classmethod
    def of(cls, quota: Quota, pseudonyms: Callable[[], Pseudonyms] = unkept) -> "Shelves":
        """Return shelves of a quota; identifiers of persons are replaced by ``pseudonyms``."""
        return cls(quota, Strangers(quota), pseudonyms)


def keep(
    connection: Connection,
    refusals: Iterable[Refusal],
    messages: Sequence[RawMessage],
    origins: Origins,
    shelves: Shelves,
) -> Mapping[int, Receipt]:
    """Keep ``refusals`` with their messages, within the caller's transaction and the quota of each sender.

    Returns what became of the readings by source id: quarantined, or duplicate where they had been before.
    """
    entries = _entries(*_hidden(list(refusals), messages, shelves.pseudonyms), origins)
    if not entries:
        return {}
    beyond = _beyond_quota(connection, entries, shelves.quota)
    within = {digest: entry for digest, entry in entries.items() if digest not in beyond}
    added = connection.execute(SQL["quarantine_add"], _columns(within)).fetchall() if within else []
    new = {bytes(digest) for (digest,) in added}
    again = {digest: entry for digest, entry in within.items() if digest not in new}
    if again:
        connection.execute(SQL["quarantine_again"], _columns(again))
    if beyond:
        connection.execute(SQL["quarantine_sum_up"], _summaries(beyond.values()))
    strange = [entry for entry in within.values() if not entry.sender[1]]
    shelves.strangers.keep(connection, [(one.source_id, len(one.message.payload)) for one in strange])
    receipts: dict[int, Receipt] = defaultdict(Receipt)
    for digest, entry in entries.items():
        readings = entry.readings + entry.again
        quarantined = readings if digest in beyond else entry.readings if digest in new else 0
        receipts[entry.source_id] += Receipt(quarantined=quarantined, duplicate=readings - quarantined)
    return receipts


def _beyond_quota(connection: Connection, entries: Mapping[bytes, _Entry], quota: Quota) -> dict[bytes, _Entry]:
    """Return the entries that are new and cannot be kept; known ones that cannot are counted without their words."""
    rows = connection.execute(SQL["quarantine_known"], {"digests": list(entries)})
    known: dict[bytes, bool] = {bytes(digest): has_payload for digest, has_payload in rows}
    asking = {digest: entry for digest, entry in entries.items() if entry.sender[1] and not known.get(digest)}
    if not asking:
        return {}
    room = Room(connection, [entry.sender for entry in asking.values()], quota)
    for entry in asking.values():
        entry.is_kept = room.take(entry.sender, len(entry.message.payload))
    return {digest: entry for digest, entry in asking.items() if not entry.is_kept and digest not in known}


@dataclass(frozen=True)
class Filter:
    """Which refused messages are asked for; None means any.

    ``cities``: of these only. Of those that last came in [``from_time``, ``to_time``). ``origin``: who sent it, of
    those that no city file knows.
    """

    city: str | None = None
    device: str | None = None
    reason: str | None = None
    quarantine_id: int | None = None
    cities: Sequence[str] | None = None
    origin: str | None = None
    from_time: datetime | None = None
    to_time: datetime | None = None


def find(
    connection: Connection, wanted: Filter, limit: int = 100, after: tuple[datetime, int] | None = None
) -> list[Quarantined]:
    """Return refused messages, the latest first; ``after``: those behind the one of this time and number."""
    at, number = after or (None, None)
    parameters = parameters_of(wanted) | {"limit": limit, "after": at, "after_number": number}
    return [Quarantined(*row) for row in connection.execute(SQL["quarantine_list"], parameters)]


def parameters_of(wanted: Filter) -> dict[str, Any]:
    """Return a filter as the parameters that statements have for it."""
    return asdict(wanted) | {"cities": None if wanted.cities is None else list(wanted.cities)}


def expire(connection: Connection, before: datetime) -> int:
    """Clear the payloads of messages that last came before an instant, in short transactions; returns how many."""
    cleared = 0
    while True:
        done = connection.execute(SQL["quarantine_expire"], {"before": before, "limit": _EXPIRED_AT_ONCE})
        connection.commit()
        cleared += done.rowcount
        if done.rowcount < _EXPIRED_AT_ONCE:
            return cleared


def _entries(refusals: Iterable[Refusal], messages: Mapping[int, RawMessage], origins: Origins) -> dict[bytes, _Entry]:
    """Gather refusals by digest, ordered by it: writers that meet lock the rows in the same order."""
    entries: dict[bytes, _Entry] = {}
    for (index, reason), group in groupby(sorted(refusals, key=_place), key=_place):
        same = list(group)
        message, source_id = messages[index], origins.source_of(same[0].city)
        readings = sum(refusal.readings for refusal in same)
        digest = sha256(
            b"\0".join((b"%d" % source_id, reason.encode(), _bytes(message.topic), message.payload))
        ).digest()
        if digest in entries:
            entries[digest].repeat(readings, message)
        else:
            sender = source_id, _registered(same[0], origins)
            entries[digest] = _Entry(sender, same[0], message, _detail(same), readings)
            entries[digest].came(message)
    return dict(sorted(entries.items()))


def _hidden(
    refusals: Sequence[Refusal], messages: Sequence[RawMessage], pseudonyms: Callable[[], Pseudonyms]
) -> tuple[list[Refusal], Mapping[int, RawMessage]]:
    """Return refusals, and the messages that they are about, without identifiers of persons."""
    if not refusals:
        return [], {}
    hiding = pseudonyms()
    hidden, kept = [], {}
    for refusal in refusals:
        message = messages[refusal.message]
        payload, detail = hiding.hidden(message.payload, refusal.detail)
        kept[refusal.message] = message if payload == message.payload else structs.replace(message, payload=payload)
        hidden.append(refusal if detail == refusal.detail else replace(refusal, detail=detail or ""))
    return hidden, kept


def reasons_of(refusals: Iterable[Refusal]) -> list[tuple[str, str | None]]:
    """Return the reasons for which one message is refused, each with its sentence, as they are kept."""
    ordered = sorted(refusals, key=_place)
    return sorted((str(reason), _text(_detail(list(group)))) for (_, reason), group in groupby(ordered, key=_place))


def _registered(refusal: Refusal, origins: Origins) -> str:
    return refusal.device if refusal.device and origins.is_registered(refusal.city, refusal.device) else ""


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
        "sender": [entry.sender[1] for entry in found],
        "topic": [_text(entry.message.topic) for entry in found],
        "reason": [str(entry.refusal.reason) for entry in found],
        "field": [_text(entry.refusal.field) for entry in found],
        "detail": [_text(entry.detail) if entry.is_kept else None for entry in found],
        "payload": [entry.message.payload if entry.is_kept else None for entry in found],
        "readings": [entry.readings for entry in found],
        "occurrences": [entry.occurrences for entry in found],
        "first": [from_micros(min(entry.received)) for entry in found],
        "last": [from_micros(max(entry.received)) for entry in found],
        "origin": [_text(entry.origin) for entry in found],
        "receipts": [_array(entry.news) for entry in found],
        "most": _RECEIPTS,
    }


def _array(instants: Sequence[int]) -> str:
    """Return instants as the text of an array: one of arrays would be a matrix."""
    return "{" + ",".join(isoformat(each) for each in instants[:_RECEIPTS]) + "}"


def _summaries(entries: Iterable[_Entry]) -> dict[str, Any]:
    """Return what is counted of messages beyond the quota, by sender and reason; by digest as ``_entries`` are."""
    rows: dict[bytes, list[_Entry]] = defaultdict(list)
    for entry in entries:
        source, device = entry.sender
        named = b"beyond the quota", b"%d" % source, device.encode(), str(entry.refusal.reason).encode()
        rows[sha256(b"\0".join(named)).digest()].append(entry)
    found = [each for _, each in sorted(rows.items())]
    return {
        "digest": sorted(rows),
        "source_id": [each[0].source_id for each in found],
        "sender": [each[0].sender[1] for each in found],
        "reason": [str(each[0].refusal.reason) for each in found],
        "readings": [sum(entry.readings + entry.again for entry in each) for each in found],
        "occurrences": [sum(entry.occurrences for entry in each) for each in found],
        "first": [from_micros(min(at for entry in each for at in entry.received)) for each in found],
        "last": [from_micros(max(at for entry in each for at in entry.received)) for each in found],
    }


def _text(value: str | None) -> str | None:
    """Return text the database takes: it knows neither NUL nor lone surrogates."""
    return None if value is None else _bytes(value).decode().replace("\0", "\\0")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
