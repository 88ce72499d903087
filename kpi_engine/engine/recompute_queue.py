"""The agenda: which figures are due and why. It lives in the database, so a restart forgets nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.model.calendar import Period
from ingest.model.time import from_micros
from kpi_engine.engine.causes import LONGEST, MORE, Cause, Why
from kpi_engine.figures.figure import FigureKey
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Backlog:
    """How many figures are due, and since when the oldest is."""

    figures: int
    since: datetime | None


def add(connection: Connection, due: Mapping[FigureKey, Why], now: int) -> None:
    """Put figures on the agenda; one that is there already keeps its place, or moves up, as Why.joined says."""
    if not due:
        return
    parameters = key_columns(due) | {
        "causes": [why.cause.value for why in due.values()],
        "urgencies": [why.cause.urgency for why in due.values()],
        "details": [why.detail for why in due.values()],
        "since": from_micros(now),
        "longest": LONGEST,
        "more": MORE,
    }
    connection.execute(SQL["due_add"], parameters)


def take(connection: Connection, limit: int) -> dict[FigureKey, Why]:
    """Take at most ``limit`` figures off the agenda, in the caller's transaction."""
    return _causes(connection.execute(SQL["due_take"], {"limit": limit}).fetchall())


def take_these(connection: Connection, keys: Collection[FigureKey]) -> dict[FigureKey, Why]:
    """Take those of some figures off the agenda that are on it, in the caller's transaction."""
    return _causes(connection.execute(SQL["due_take_these"], key_columns(keys)).fetchall()) if keys else {}


def _causes(rows: Iterable[tuple[Any, ...]]) -> dict[FigureKey, Why]:
    return {
        FigureKey(kpi, (city_id, site_id), Period(period), start): Why(Cause(cause), detail)
        for kpi, city_id, site_id, period, start, cause, detail in rows
    }


def backlog(connection: Connection) -> Backlog:
    """Return how much is due."""
    row = connection.execute(SQL["due_count"]).fetchone()
    return Backlog(*row) if row else Backlog(0, None)


def key_columns(keys: Iterable[FigureKey]) -> dict[str, list[object]]:
    """Return keys as the arrays that statements take."""
    every = list(keys)
    return {
        "kpis": [key.kpi for key in every],
        "cities": [key.subject[0] for key in every],
        "sites": [key.subject[1] for key in every],
        "periods": [key.period.value for key in every],
        "starts": [key.start for key in every],
    }
