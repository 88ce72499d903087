"""The hours of a window: what all meters of a subject counted together, beside the city's hourly factor series.

Hours are put together from civil days. Whole days can be remembered, because one late reading would otherwise make a
year of hours of every meter be read again; what a day says does not depend on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.catalogue import Series
from ingest.model.observation import FloatColumn
from kpi_engine.metering import MeterEntry
from kpi_engine.plan import Part, Plan, Request
from kpi_engine.remembered_days import DayHours, RememberedDays
from kpi_engine.rollups import HourColumns, on_grid
from kpi_engine.spans import Span, union
from kpi_engine.window import Hours

NOTHING: Final = HourColumns()


def spans(requests: Sequence[Request], remembered: RememberedDays) -> dict[int, list[Span]]:
    """Return for each series whose hours have to be read the spans that hold them, apart and in order."""
    found: dict[int, list[Span]] = {}
    for request in requests:
        runs = list(_runs(request, remembered))
        for series_id in _hourly_series(request) if runs else ():
            found.setdefault(series_id, []).extend(runs)
    return {series_id: union(every) for series_id, every in found.items()}


def hours(planned: Plan, columns: Mapping[int, HourColumns], remembered: RememberedDays) -> Hours | None:
    """Return the hours of a planned window; None where none are needed. Meters count within their validity."""
    request = planned.request
    factor = request.subject.hourly_factor(request.indicator)
    if factor is None:
        return None
    days = _known(request, remembered)
    for run in _runs(request, remembered):
        days |= _days(planned, run, columns, factor)
    remembered.keep(request, days)
    every = [days[start] for start in sorted(days)]
    return Hours(
        np.concatenate([day.amount for day in every]),
        np.concatenate([day.factor for day in every]),
        fsum(day.estimated for day in every),
        f"{factor.device}/{factor.quantity}",
    )


def _hourly_series(request: Request) -> list[int]:
    factor = request.subject.hourly_factor(request.indicator)
    if factor is None:
        return []
    counted = (_counted(meter) for meter in request.subject.meters_of(request.indicator))
    return [*(series.series_id for series in counted if series), factor.series_id]


def _counted(meter: MeterEntry) -> Series | None:
    """Return the only series that is read of a meter whose hours are needed."""
    return next(iter(meter.series.values()), None)


def _day_edges(request: Request) -> list[int]:
    """Return the edges of the window's civil days, the first and the last one clipped to the window."""
    edges = _within(request, (request.start, request.end), Period.DAY)
    return sorted({request.start, *edges.tolist(), request.end})


def _within(request: Request, span: Span, period: Period) -> Instants:
    edges = covering(*span, period, request.subject.zone)
    first, last = np.searchsorted(edges, span[0]), np.searchsorted(edges, span[1], side="right")
    return edges[first:last]


def _known(request: Request, remembered: RememberedDays) -> dict[int, DayHours]:
    days = remembered.of(request)
    return {
        start: days[start] for start in _day_edges(request)[:-1] if start in days and days[start].end <= request.end
    }


def _runs(request: Request, remembered: RememberedDays) -> Iterator[Span]:
    """Yield the stretches of the window that have to be read, whole days but for its rims."""
    known = _known(request, remembered)
    missing = [day for day in pairwise(_day_edges(request)) if day[0] not in known]
    yield from union(missing)


@dataclass(frozen=True)
class _Run:
    """Hour edges of a stretch, and at which of them its days begin."""

    edges: Instants
    days: Instants


def _days(planned: Plan, span: Span, columns: Mapping[int, HourColumns], factor: Series) -> dict[int, DayHours]:
    """Return the days of a stretch by their start: hourly sums over meters in the order of their names."""
    request = planned.request
    edges = _within(request, span, Period.HOUR)
    starts = [day for day in _day_edges(request) if span[0] <= day < span[1]]
    run = _Run(edges, np.searchsorted(edges, starts))
    amount, estimated = np.zeros(len(edges) - 1), np.zeros(len(starts))
    for part in sorted(planned.whole, key=lambda part: (part.meter.name, part.start)):
        counted, interpolated = _of_meter(part, run, columns)
        amount += counted
        estimated += interpolated
    known = columns.get(factor.series_id, NOTHING)
    factors = on_grid(edges, known.bucket, known.mean)
    bounds = pairwise([*run.days.tolist(), len(edges) - 1])
    return {
        start: DayHours(int(edges[b]), amount[a:b], factors[a:b], float(interpolated))
        for start, (a, b), interpolated in zip(starts, bounds, estimated, strict=True)
    }


def _of_meter(part: Part, run: _Run, columns: Mapping[int, HourColumns]) -> tuple[FloatColumn, FloatColumn]:
    """Return what a meter counted in each hour, and by day the part of it whose place in time is interpolated."""
    series = _counted(part.meter)
    column = columns.get(series.series_id, NOTHING) if series else NOTHING
    counts = (run.edges[:-1] >= part.start) & (run.edges[:-1] < part.end)
    total = np.where(counts, on_grid(run.edges, column.bucket, column.total), 0.0)
    estimated = np.where(counts, on_grid(run.edges, column.bucket, column.estimated), 0.0)
    return total, np.add.reduceat(np.nan_to_num(estimated), run.days)
