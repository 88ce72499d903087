"""Keyset cursors: they stay valid while data change, and each belongs to the query that gave it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar

from fastapi import Depends, Query

from ingest.model.time import from_micros, to_micros
from kpi_engine.api.errors import invalid
from kpi_engine.api.instants import EARLIEST, LATEST
from kpi_engine.api.representation import Page

Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before, all else as before.")]
Item = TypeVar("Item")
Key = tuple[int | str, ...]
"""What orders a list and names each of its items."""

_EXPECTED: Final = "expected the `next_cursor` of an earlier answer"


@dataclass(frozen=True)
class ListPart:
    """Which part of a list that is answered whole where nothing is said."""

    limit: Annotated[int | None, Query(ge=1, le=10_000, description="At most so many; left out: all of them.")] = None
    cursor: Cursor = None


AskedPart = Annotated[ListPart, Depends()]


@dataclass(frozen=True)
class ListedPart(Generic[Item]):
    """A part of a list, with the fields of ``Page``."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True)
class Paging:
    """The cursors of one query: each names what it goes on from, and the query it belongs to."""

    query: tuple[Any, ...]
    """What was asked, of what JSON has."""

    def cursor(self, time: datetime) -> str:
        """Return the cursor of the page that follows ``time``."""
        return self.keyed((to_micros(time),))

    def numbered(self, time: datetime, number: int) -> str:
        """Return the cursor of the page that follows ``time``, and there what has this ``number``."""
        return self.keyed((number, to_micros(time)))

    def keyed(self, key: Key) -> str:
        """Return the cursor of the page that follows the item with this key."""
        return urlsafe_b64encode(json.dumps([*self.query, *key]).encode()).decode().rstrip("=")

    def after_numbered(self, cursor: str | None) -> tuple[datetime, int] | None:
        """Return time and number after which the page of ``cursor`` begins, as ``after`` does."""
        if (key := self.after_key(cursor, (int, int))) is None:
            return None
        number, time = key
        if not 0 <= int(number) < 2**63:
            raise invalid("cursor", _EXPECTED)
        return _time(time), int(number)

    def after(self, cursor: str | None) -> datetime | None:
        """Return the time after which the page of ``cursor`` begins; None stands for the first page.

        Raises InvalidRequestError for what is no cursor, and for the cursor of another query.
        """
        key = self.after_key(cursor, (int,))
        return None if key is None else _time(key[0])

    def after_key(self, cursor: str | None, kinds: tuple[type, ...]) -> Key | None:
        """Return the key, of fields of some ``kinds``, after which the page of ``cursor`` begins, as ``after`` does."""
        if cursor is None:
            return None
        fields = _decoded(cursor)
        key = tuple(fields[-len(kinds) :])
        if tuple(map(type, key)) != kinds:
            raise invalid("cursor", _EXPECTED)
        if json.dumps(fields[: -len(kinds)]) != json.dumps(self.query):
            raise invalid("cursor", "this cursor belongs to another query; expected all else but `limit` as before")
        return key

    def page(self, found: Iterable[Item], key: Callable[[Item], Key], asked: ListPart, withheld: int = 0) -> Page[Item]:
        """Return the part of a list that is asked for, in the order of the keys."""
        part = self.part(found, key, asked)
        return Page(items=part.items, next_cursor=part.next_cursor, withheld=withheld)

    def part(self, found: Iterable[Item], key: Callable[[Item], Key], asked: ListPart) -> ListedPart[Item]:
        """Return the part of a list that is asked for, of items that are no models."""
        ordered = sorted(found, key=key)
        kinds = tuple(map(type, key(ordered[0]))) if ordered else ()
        if asked.cursor is not None and ordered and (last := self.after_key(asked.cursor, kinds)) is not None:
            ordered = [one for one in ordered if key(one) > last]
        limit = len(ordered) if asked.limit is None else asked.limit
        following = self.keyed(key(ordered[limit - 1])) if len(ordered) > limit else None
        return ListedPart(ordered[:limit], following)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def by_name(one: _Named) -> Key:
    """Return the key of what has a name of its own."""
    return (one.name,)


def _time(micros: int | str) -> datetime:
    if not to_micros(EARLIEST) <= int(micros) <= to_micros(LATEST):
        raise invalid("cursor", _EXPECTED)
    return from_micros(int(micros))


def _decoded(cursor: str) -> list[Any]:
    try:
        fields = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, list) or not fields:
        raise invalid("cursor", _EXPECTED)
    return fields
