"""Keyset cursors: they stay valid while data change, and each belongs to the query that gave it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query

from ingest.model.time import from_micros, to_micros
from kpi_engine.api.errors import invalid
from kpi_engine.api.instants import EARLIEST, LATEST

Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before, all else as before.")]

_EXPECTED: Final = "expected the `next_cursor` of an earlier answer"


@dataclass(frozen=True)
class Paging:
    """The cursors of one query: each names the time it goes on from, and the query it belongs to."""

    query: tuple[int | str | bool | None, ...]

    def cursor(self, time: datetime) -> str:
        """Return the cursor of the page that follows ``time``."""
        return urlsafe_b64encode(json.dumps([*self.query, to_micros(time)]).encode()).decode().rstrip("=")

    def numbered(self, time: datetime, number: int) -> str:
        """Return the cursor of the page that follows ``time``, and there what has this ``number``."""
        return Paging((*self.query, number)).cursor(time)

    def after_numbered(self, cursor: str | None) -> tuple[datetime, int] | None:
        """Return time and number after which the page of ``cursor`` begins, as ``after`` does."""
        if cursor is None:
            return None
        number = (_decoded(cursor)[-2:-1] or [None])[0]
        if type(number) is not int or not 0 <= number < 2**63:
            raise invalid("cursor", _EXPECTED)
        time = Paging((*self.query, number)).after(cursor)
        return None if time is None else (time, number)

    def after(self, cursor: str | None) -> datetime | None:
        """Return the time after which the page of ``cursor`` begins; None stands for the first page.

        Raises InvalidRequestError for what is no cursor, and for the cursor of another query.
        """
        if cursor is None:
            return None
        *query, micros = _decoded(cursor)
        if tuple(query) != self.query:
            raise invalid("cursor", "this cursor belongs to another query; expected all else but `limit` as before")
        return from_micros(micros)


def _decoded(cursor: str) -> list[Any]:
    try:
        fields = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, list) or not fields or type(fields[-1]) is not int:
        raise invalid("cursor", _EXPECTED)
    if not to_micros(EARLIEST) <= fields[-1] <= to_micros(LATEST):
        raise invalid("cursor", _EXPECTED)
    return fields
