"""The store of sessions that were assembled from readings: kept beside the records, from a source of the lowest rank.

They have no versions: what is stored is what the readings come to now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ingest.model.session import PLUGS, Plug, Session
from ingest.model.time import from_micros, to_micros
from processors.storage.database import Connection
from processors.storage.readings import ranks
from processors.storage.readings.sources import source_ids
from processors.storage.sessions.stored import PointWindow, windows_given
from processors.storage.statements import statements

SQL: Final = statements(__name__)

SOURCE: Final = "assembled"
RANK: Final = -1
_Content = tuple[Any, ...]


@dataclass(frozen=True)
class Touched:
    """Readings of a device that appeared or changed, of its plug or its register, from ``start`` to ``end``."""

    device_id: int
    plug_id: int
    register_id: int
    start: int
    end: int


@dataclass(frozen=True)
class Reach:
    """Sessions that begin in [start, end) may have changed, and what is known of vehicles ``since`` to ``until``."""

    start: int
    end: int
    since: int
    until: int

    def joined(self, other: "Reach") -> "Reach":
        """Return what reaches over both, and over what is between them."""
        starts, ends = (self.start, other.start), (self.end, other.end)
        return Reach(min(starts), max(ends), min(self.since, other.since), max(self.until, other.until))

    def parts(self, longest: int) -> Iterator["Reach"]:
        """Yield it in parts that begin at most ``longest`` apart, with what is known of vehicles in each."""
        edges = [*range(self.start, max(self.end, self.start + 1), longest), self.end]
        for start, end in pairwise(edges):
            since = self.since if start == self.start else min(max(start, self.since), self.until)
            until = self.until if end == self.end else max(min(end, self.until), self.since)
            yield Reach(start, end, since, until)


@dataclass(frozen=True)
class Assembled:
    """The sessions of a device of a city that begin in [start, end), all of them."""

    device_id: int
    city: str
    start: int
    end: int
    sessions: Sequence[Session]


class Begin(NamedTuple):
    """When a session that changed begins, or began; ``is_first``: it was not known before, or without its end."""

    instant: int
    is_first: bool


class AssembledStore:
    """Reads and writes in the transaction of whoever asks.

    Where nothing was assembled before, the readings that are here already are marked, once: whoever made them did not.
    """

    def __init__(self, connection: Connection, cities: Sequence[str]) -> None:
        self._connection = connection
        with connection.transaction():
            parameters = {"name": SOURCE, "cities": list(cities), "quantities": [plug.quantity for plug in PLUGS]}
            connection.execute(SQL["session_mark_plugs"], parameters)
            ids = source_ids(connection, SOURCE, cities).tolist()
            connection.execute(ranks.SQL["source_rank"], {"name": SOURCE, "rank": RANK})
        self._source: Mapping[str, int] = dict(zip(cities, ids, strict=True))

    def reach(self, plug: Plug, touched: Sequence[Touched]) -> list[Reach]:
        """Return what readings that were touched of points with the same kind of ``plug`` can have changed."""
        parameters = {
            "slot": list(range(len(touched))),
            "device_id": [one.device_id for one in touched],
            "plug_id": [one.plug_id for one in touched],
            "register_id": [one.register_id for one in touched],
            "from_time": [from_micros(one.start) for one in touched],
            "to_time": [from_micros(one.end) for one in touched],
            "silent": list(plug.silent),
        }
        rows = sorted(self._connection.execute(SQL["session_reach"], parameters).fetchall())
        return [Reach(*row) for _, *row in rows]

    def keep(self, found: Sequence[Assembled]) -> list[list[Begin]]:
        """Make ``found`` what is stored; returns for each when sessions that changed begin, and began before."""
        before: list[dict[str, _Content]] = [{} for _ in found]
        for slot, transaction, *content in self._connection.execute(SQL["session_assembled"], _scope(found)):
            before[slot][transaction] = tuple(content)
        now = [{session.transaction_id: _content(session) for session in one.sessions} for one in found]
        gone = [
            (one.device_id, key)
            for one, known, new in zip(found, before, now, strict=True)
            for key in known.keys() - new.keys()
        ]
        changed = [
            (one.device_id, key, *content, self._source[one.city])
            for one, known, new in zip(found, before, now, strict=True)
            for key, content in new.items()
            if known.get(key) != content
        ]
        self._write(SQL["session_forget"], ("device_id", "transaction_id"), gone)
        content_columns = ("begin_at", "end_at", "energy_kwh", "lower_kwh", "upper_kwh")
        self._write(SQL["session_keep"], ("device_id", "transaction_id", *content_columns, "source_id"), changed)
        return [_begins(known, new) for known, new in zip(before, now, strict=True)]

    def _write(self, statement: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            given = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
            self._connection.execute(statement, given)


def _scope(found: Sequence[Assembled]) -> dict[str, Any]:
    windows = [PointWindow(one.device_id, one.start, one.end) for one in found]
    return windows_given(windows) | {"source": SOURCE}


def _content(session: Session) -> _Content:
    end = None if session.end is None else from_micros(session.end)
    return from_micros(session.begin), end, session.energy_kwh, session.lower_kwh, session.upper_kwh


def _begins(before: Mapping[str, _Content], now: Mapping[str, _Content]) -> list[Begin]:
    """Return when sessions begin that are in one only, or differ."""
    found: dict[int, bool] = {}
    for key in before.keys() | now.keys():
        old, new = before.get(key), now.get(key)
        if old != new:
            is_first = new is not None and (old is None or old[1] is None)
            for begin in {to_micros(content[0]) for content in (old, new) if content is not None}:
                found[begin] = found.get(begin, True) and is_first
    return [Begin(*one) for one in sorted(found.items())]
