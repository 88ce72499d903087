"""The readings that the amounts of a figure begin and end with, read again when somebody asks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ingest.model.reading import ReadingKind
from ingest.model.time import from_micros, to_micros
from kpi_engine.api.hours import Subjects
from kpi_engine.api.kpis import Boundary, BoundaryReading, Edge, find
from kpi_engine.figures.store import KnownFigure
from kpi_engine.subjects.subject import SubjectName
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def boundary_readings(connection: Connection, subjects: Subjects, value: KnownFigure) -> list[Boundary]:
    """Return the readings around both edges of each register of a figure: from its start, or the meter's, to its end.

    Of the devices that count by the present city file, and of what is known and not left out now: a figure of which
    the inputs moved since is due or has a later revision. Empty where the subject is no longer registered.
    """
    subject = subjects.look_up(connection, SubjectName(value.city, value.site, value.group))
    if subject is None:
        return []
    registers = [
        (meter.name, quantity, series.series_id, max(start, meter.valid_from), min(end, meter.valid_to))
        for start, end in [(to_micros(value.period_start), to_micros(value.through))]
        for meter in subject.meters_of(find(value.kpi))
        for quantity, series in meter.series.items()
        if series.kind is ReadingKind.REGISTER and meter.valid_from < end and start < meter.valid_to
    ]
    edges = _edges(connection, [(series, edge) for *_, series, start, end in registers for edge in (start, end)])
    return [
        Boundary(device=device, quantity=quantity, series_id=series, start=next(edges), end=next(edges))
        for device, quantity, series, _, _ in registers
    ]


def _edges(connection: Connection, wanted: list[tuple[int, int]]) -> Iterator[Edge]:
    asked = {"series": [series for series, _ in wanted], "edges": [from_micros(edge) for _, edge in wanted]}
    for time, *around in connection.execute(SQL["api_boundary_readings"], asked):
        yield Edge(time=time, before=_reading(*around[:2]), after=_reading(*around[2:]))


def _reading(time: datetime | None, value: float | None) -> BoundaryReading | None:
    return None if time is None or value is None else BoundaryReading(time=time, value=value)
