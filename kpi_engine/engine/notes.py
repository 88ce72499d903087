"""Notes: what one worker puts on the agenda, and how the others know what was changed since they began to compute.

One worker notes, all compute. A note of changed hours has a number and is kept for a while. Who computes reads by its
snapshot which note was the last, and so knows afterwards which ones it could not know of: days of hours that these
touch are not kept, and figures that may rest on them are told to the next note. Times are microseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.model.calendar import Period
from ingest.model.spans import Span
from ingest.model.time import from_micros
from kpi_engine.engine.recompute_queue import key_columns
from kpi_engine.figures.figure import FigureKey
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KEPT_SECONDS: Final = 600  # of a note; a step that took longer would not know what it missed

Mark = tuple[int, int, int, bool]
"""A series, changed hours [start, end), and whether they held no reading before."""


@dataclass(frozen=True)
class Noted:
    """What was noted last: the number of the note, up to which instant figures are due, and of which roster."""

    note: int
    at: int
    roster: str


def last(connection: Connection) -> Noted | None:
    """Return what was noted last, as the caller's snapshot has it; None before the first note."""
    row = connection.execute(SQL["last"]).fetchone()
    return Noted(*row) if row else None


def begin(connection: Connection) -> bool:
    """Begin a note in the caller's transaction: meanwhile nobody keeps what was read.

    Returns whether others compute as well; none begins before the transaction ends, where nobody does.
    """
    row = connection.execute(SQL["note_begin"]).fetchone()
    return not (row and row[0])


def listen(connection: Connection) -> None:
    """Let whoever notes know that another one computes, as long as this session lasts; commits."""
    with connection.transaction():
        connection.execute(SQL["note_listen"])


def roster(connection: Connection, version: Sequence[object], digest: str) -> None:
    """Note whom figures are computed for from now on, in the caller's note."""
    _, applied_at, factor_id, *_ = version
    parameters = {"applied_at": applied_at, "factor_id": factor_id, "roster": digest}
    connection.execute(SQL["note_roster"], parameters)


def write(connection: Connection, marks: Sequence[Mark], now: int) -> None:
    """Note that figures are due up to ``now``, and for others who compute changed hours, in the caller's note."""
    parameters = {
        "now": from_micros(now),
        "series": [series for series, *_ in marks],
        "starts": [from_micros(start) for _, start, _, _ in marks],
        "ends": [from_micros(end) for *_, end, _ in marks],
        "firsts": [is_first for *_, is_first in marks],
        "kept": KEPT_SECONDS,
    }
    connection.execute(SQL["note_time"], parameters)
    if marks:
        connection.execute(SQL["note_changes"], parameters)
        connection.execute(SQL["notes_expire"], parameters)


def since(connection: Connection, note: int) -> list[Mark]:
    """Return the hours that were noted as changed after a note, as the caller's snapshot has it."""
    return connection.execute(SQL["notes_since"], {"note": note}).fetchall()


def settled(connection: Connection, note: int) -> list[Mark]:
    """Return the same with no note under way from here to the end of the caller's transaction."""
    connection.execute(SQL["note_wait"])
    return since(connection, note)


def rest(connection: Connection, figures: Iterable[FigureKey], note: int) -> None:
    """Tell the next note of figures that rest on hours before their period, by what was known at ``note``."""
    if parameters := key_columns(figures):
        connection.execute(SQL["rested_add"], parameters | {"note": note})


def rested(connection: Connection) -> Mapping[FigureKey, int]:
    """Take off the figures that were told of, with the note by which they were computed."""
    rows = connection.execute(SQL["rested_take"])
    return {
        FigureKey(kpi, (city_id, site_id), Period(period), start): note
        for kpi, city_id, site_id, period, start, note in rows
    }


def spans_of(marks: Iterable[Mark]) -> dict[int, list[Span]]:
    """Return which hours changed, by series."""
    found: dict[int, list[Span]] = {}
    for series, start, end, _ in marks:
        found.setdefault(series, []).append((start, end))
    return found
