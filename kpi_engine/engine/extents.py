"""Extents in the database: how far the figures of each subject reach, and figures asked for within them."""

from collections.abc import Sequence
from typing import Final

from kpi_engine.engine import recompute_queue
from kpi_engine.engine.causes import Cause, Why
from kpi_engine.engine.computed_range import Extent, touched, words
from kpi_engine.figures.figure import FigureKey
from kpi_engine.subjects.subject import Subject, SubjectId
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def stored_extents(connection: Connection) -> dict[SubjectId, Extent]:
    """Return how far the figures of each subject reach."""
    rows = connection.execute(SQL["extents"]).fetchall()
    return {(city_id, site_id): Extent(*extent) for city_id, site_id, *extent in rows}


def request(
    connection: Connection, subjects: Sequence[Subject], kpi: str | None, span: tuple[int, int], now: int
) -> int:
    """Put the figures of ``subjects`` on the agenda whose periods overlap ``span``, and return how many.

    ``kpi`` None means all of them; ``span`` is [start, end) in microseconds. Periods without any data are left out.
    """
    due: dict[FigureKey, Why] = {}
    why = Why(Cause.REQUESTED, f"requested {words(span)}")
    extents = stored_extents(connection)
    for subject in subjects:
        if extent := extents.get(subject.key):
            indicators = [indicator for indicator in subject.indicators if kpi in {None, indicator.name}]
            due |= touched(subject, indicators, extent, span, why)
    recompute_queue.add(connection, due, now)
    return len(due)
