"""The hours of a window: what all meters of a subject counted together, beside the city's hourly factor series."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.catalogue import Series
from kpi_engine.metering import MeterEntry
from kpi_engine.plan import Plan, Request
from kpi_engine.rollups import HourColumns, on_grid
from kpi_engine.window import Hours

NOTHING: Final = HourColumns()


def spans(requests: Sequence[Request]) -> dict[int, tuple[int, int]]:
    """Return for each series whose hours are needed the span that holds them all."""
    found: dict[int, tuple[int, int]] = {}
    for request in requests:
        for series_id in _hourly_series(request):
            start, end = found.get(series_id, (request.start, request.end))
            found[series_id] = min(start, request.start), max(end, request.end)
    return found


def _hourly_series(request: Request) -> list[int]:
    factor = request.subject.hourly_factor(request.indicator)
    if factor is None:
        return []
    counted = (_counted(meter) for meter in request.subject.meters_of(request.indicator))
    return [*(series.series_id for series in counted if series), factor.series_id]


def _counted(meter: MeterEntry) -> Series | None:
    """Return the only series that is read of a meter whose hours are needed."""
    return next(iter(meter.series.values()), None)


def hours(planned: Plan, columns: Mapping[int, HourColumns]) -> Hours | None:
    """Return the hours of a planned window; None where none are needed. Meters count within their validity."""
    request = planned.request
    factor = request.subject.hourly_factor(request.indicator)
    if factor is None:
        return None
    edges = _hour_edges(request)
    amount, estimated = np.zeros(len(edges) - 1), 0.0
    for part in sorted(planned.whole, key=lambda part: (part.meter.name, part.start)):
        series = _counted(part.meter)
        column = columns.get(series.series_id, NOTHING) if series else NOTHING
        counts = (edges[:-1] >= part.start) & (edges[:-1] < part.end)
        amount += np.where(counts, on_grid(edges, column.bucket, column.total), 0.0)
        estimated += float(np.nansum(np.where(counts, on_grid(edges, column.bucket, column.estimated), 0.0)))
    known = columns.get(factor.series_id, NOTHING)
    return Hours(amount, on_grid(edges, known.bucket, known.mean), estimated, f"{factor.device}/{factor.quantity}")


def _hour_edges(request: Request) -> Instants:
    edges = covering(request.start, request.end, Period.HOUR, request.subject.zone)
    first, last = np.searchsorted(edges, [request.start, request.end])
    return edges[first : last + 1]
