"""The agenda: which figures are due and why. It lives in the database, so a restart forgets nothing."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, TypeVar

import numpy as np

from ingest.model.calendar import Period
from ingest.model.time import from_micros
from kpi_engine.engine.causes import LONGEST, MORE, Cause, Why
from kpi_engine.figures.figure import FigureKey
from kpi_engine.indicators import COUPLED
from kpi_engine.subjects.subject import WHOLE_CITY, SubjectId
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

Value = TypeVar("Value", bound=Hashable)


class _Numbers(dict[Value, int]):
    """Numbers values from 1 on, as they come: the same few stand in many rows."""

    def __missing__(self, value: Value) -> int:
        self[value] = number = len(self) + 1
        return number


@dataclass(frozen=True)
class Backlog:
    """How many figures are due, and since when the oldest is."""

    figures: int
    since: datetime | None


@dataclass(frozen=True)
class FirstLoads:
    """How long figures of a first load wait for more of it; all in microseconds.

    Until nothing came for ``rest``, neither of them nor of others of their subject; while others come, until nothing
    came of them for ``longer``; and in all no longer than ``closed``, or ``open`` while their period goes on.
    """

    rest: int
    longer: int
    closed: int
    open: int


AT_ONCE: Final = FirstLoads(0, 0, 0, 0)
"""Every figure is computed as soon as anything is known of it."""


def add(connection: Connection, due: Mapping[FigureKey, Why], now: int, loads: FirstLoads = AT_ONCE) -> None:
    """Put figures on the agenda; one that is there already keeps its place, or moves up, as Why.joined says.

    One that is being computed is put there once more. Nobody waits for whoever computes. What ``loads`` lets wait is
    not taken before ``release`` says so.
    """
    if not due:
        return
    kpis, periods, reasons = _Numbers[str](), _Numbers[Period](), _Numbers[Why]()
    rows = [
        (kpis[key.kpi], key.subject[0], key.subject[1] or WHOLE_CITY, periods[key.period], key.start, reasons[why])
        for key, why in due.items()
    ]
    columns = np.array(rows, np.int64).T
    parameters = dict(zip(("kpi", "city", "site", "period", "start", "reason"), columns, strict=True)) | {
        "kpis": list(kpis),
        "coupled": [kpi in COUPLED for kpi in kpis],
        "periods": [period.value for period in periods],
        "causes": [why.cause.value for why in reasons],
        "urgencies": [why.cause.urgency for why in reasons],
        "details": [why.detail for why in reasons],
        "since": from_micros(now),
        "longest": LONGEST,
        "more": MORE,
        **_patience(loads),
    }
    connection.execute(SQL["due_add"], parameters)


def release(connection: Connection, now: int, loads: FirstLoads, loading: Collection[SubjectId]) -> None:
    """Let figures be taken whose first load rests at ``now`` (microseconds), in the caller's transaction.

    ``loading``: of whom first data have come in the time of a rest.
    """
    parameters = {
        "now": from_micros(now),
        "cities": [city for city, _ in loading],
        "sites": [site or WHOLE_CITY for _, site in loading],
        "longer": _span(loads.longer - loads.rest),
        **_patience(loads),
    }
    connection.execute(SQL["due_release"], parameters)


def take(connection: Connection, limit: int, shards: Sequence[int]) -> dict[FigureKey, Why]:
    """Take at most ``limit`` entries of ``shards``, which the caller has claimed, in the caller's transaction."""
    return _causes(connection.execute(SQL["due_take"], {"limit": limit, "shards": shards}).fetchall())


def take_these(connection: Connection, keys: Collection[FigureKey]) -> dict[FigureKey, Why]:
    """Take those of some figures off the agenda that are on it, in the caller's transaction; of claimed shards too."""
    return _causes(connection.execute(SQL["due_take_these"], key_columns(keys)).fetchall()) if keys else {}


def _causes(rows: Iterable[tuple[Any, ...]]) -> dict[FigureKey, Why]:
    """Return the causes of entries; a figure may be there twice, and has both then, the older one first."""
    found: dict[FigureKey, Why] = {}
    for kpi, city_id, site_id, period, start, cause, detail, _ in sorted(rows, key=itemgetter(-1)):
        key, why = FigureKey(kpi, (city_id, site_id), Period(period), start), Why(Cause(cause), detail)
        found[key] = found[key].joined(why) if key in found else why
    return found


def _patience(loads: FirstLoads) -> dict[str, object]:
    return {
        "rest": _span(loads.rest) if loads.rest else None,
        "longest_closed": _span(loads.closed),
        "longest_open": _span(loads.open),
    }


def _span(micros: int) -> timedelta:
    return timedelta(microseconds=micros)


def backlog(connection: Connection) -> Backlog:
    """Return how much is due."""
    row = connection.execute(SQL["due_count"]).fetchone()
    return Backlog(*row) if row else Backlog(0, None)


def key_columns(keys: Iterable[FigureKey]) -> dict[str, object]:
    """Return keys as the columns that statements take: of words their places in lists, of a city as a whole site 0."""
    kpis, periods = _Numbers[str](), _Numbers[Period]()
    rows = [(kpis[one.kpi], *one.subject, periods[one.period], one.start) for one in keys]
    columns = np.array([(kpi, city, site or WHOLE_CITY, *rest) for kpi, city, site, *rest in rows], np.int64)
    named = dict(zip(("kpi", "city", "site", "period", "start"), columns.reshape(-1, 5).T, strict=True))
    return {**named, "kpis": list(kpis), "periods": [period.value for period in periods]}
