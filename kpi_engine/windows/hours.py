"""The hours of a window: what all meters of a subject counted together, beside the city's hourly factor series.

Hours are put together from civil days. Whole days can be remembered, because one late reading would otherwise make a
year of hours of every meter be read again; what a day says does not depend on it. The others are read a stretch at a
time, so that memory is bounded however long the window is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.catalogue import Series
from ingest.model.spans import Span, union
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.window import Hours
from kpi_engine.windows.hour_cache import DayHours, Days, Key, Known, key_of
from kpi_engine.windows.plan import Request
from kpi_engine.windows.rollups import HourColumns, read_hours
from kpi_engine.windows.stored_amounts import CountedBuckets, on_grid
from processors.storage.database import Connection

NOTHING: Final = HourColumns()
HOURS_AT_ONCE: Final = 100_000  # hours of single meters
_DAY_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class _Missing:
    """A day, or the part of it in a window, that has to be read for a subject and indicator."""

    span: Span
    key: Key
    request: Request


def needed(requests: Sequence[Request]) -> list[Request]:
    """Return the requests whose hours are needed."""
    return [request for request in requests if request.subject.hourly_factor(request.indicator)]


def read_missing(connection: Connection, requests: Sequence[Request], known: Known) -> Known:
    """Read the days of ``requests`` that are not ``known``, and return them."""
    found: dict[Key, Days] = {}
    for portion in _portions(_missing(requests, known)):
        columns = read_hours(connection, _spans(portion))
        for key, span, request in _runs(portion):
            found.setdefault(key, {}).update(_days(request, span, columns))
    return found


def hours(request: Request, *known: Known) -> Hours | None:
    """Return the hours of a window from the days that are ``known``; None where none are needed."""
    factor = request.subject.hourly_factor(request.indicator)
    if factor is None:
        return None
    days = [each.get(key_of(request), {}) for each in known]
    every = [next(one[day] for one in days if day in one) for day in _day_spans(request)]
    return Hours(
        np.concatenate([day.amount for day in every]),
        np.concatenate([day.factor for day in every]),
        fsum(day.estimated for day in every),
        f"{factor.device}/{factor.quantity}",
    )


def _missing(requests: Sequence[Request], known: Known) -> list[_Missing]:
    """Return what has to be read, once each, in order of time."""
    found: dict[tuple[Span, Key], _Missing] = {}
    for request in requests:
        key = key_of(request)
        days = known.get(key, {})
        found |= {(span, key): _Missing(span, key, request) for span in _day_spans(request) if span not in days}
    return sorted(
        found.values(), key=lambda one: (one.span, one.request.indicator.name, one.request.subject.site or "")
    )


def _portions(missing: Sequence[_Missing]) -> Iterator[list[_Missing]]:
    """Yield stretches of time with about HOURS_AT_ONCE hours of single meters."""
    portion: list[_Missing] = []
    size = 0
    for one in missing:
        portion.append(one)
        size += _DAY_HOURS * len(one.request.subject.meters_of(one.request.indicator))
        if size >= HOURS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _spans(portion: Sequence[_Missing]) -> dict[int, list[Span]]:
    """Return for each series the spans that hold what is missing, apart and in order."""
    found: dict[int, list[Span]] = {}
    for _, span, request in _runs(portion):
        for series_id in request.subject.series_of(request.indicator):
            found.setdefault(series_id, []).append(span)
    return {series_id: union(every) for series_id, every in found.items()}


def _runs(portion: Sequence[_Missing]) -> Iterator[tuple[Key, Span, Request]]:
    """Yield what is missing as stretches of consecutive days of a subject and indicator."""
    by_key: dict[Key, list[_Missing]] = {}
    for one in portion:
        by_key.setdefault(one.key, []).append(one)
    for key, every in by_key.items():
        begun = every[0]
        end = begun.span[0]
        for one in every:
            if one.span[0] != end:
                yield key, (begun.span[0], end), begun.request
                begun = one
            end = one.span[1]
        yield key, (begun.span[0], end), begun.request


def _day_spans(request: Request) -> list[Span]:
    """Return the window's civil days, the first and the last one clipped to the window."""
    return list(pairwise(_edges((request.start, request.end), Period.DAY, request.subject.zone).tolist()))


def _edges(span: Span, period: Period, zone: str) -> Instants:
    """Return the edges of the periods of a span, those at its rims clipped to it."""
    edges = covering(*span, period, zone)
    first, last = np.searchsorted(edges, span[0], side="right"), np.searchsorted(edges, span[1])
    return np.concatenate([[span[0]], edges[first:last], [span[1]]]).astype(np.int64)


def _days(request: Request, span: Span, columns: Mapping[int, HourColumns]) -> Days:
    """Return the days of a stretch: hourly sums over meters in the order of their names."""
    zone, subject = request.subject.zone, request.subject
    days, edges = (_edges(span, period, zone) for period in (Period.DAY, Period.HOUR))
    begins = np.searchsorted(edges, days)
    amount, estimated = np.zeros(len(edges) - 1), np.zeros(len(days) - 1)
    for meter in sorted(subject.meters_of(request.indicator), key=lambda one: (one.name, one.valid_from)):
        counted = _of_meter(meter, edges, columns)
        amount += np.nan_to_num(counted.total)  # what is not known of one meter is told by the sum of its period
        estimated += np.add.reduceat(counted.estimated, begins[:-1])
    factor = subject.hourly_factor(request.indicator)
    known = columns.get(factor.series_id, NOTHING) if factor else NOTHING
    factors = on_grid(edges, known.bucket, known.mean)
    return {
        day: DayHours(amount[a:b].copy(), factors[a:b].copy(), float(part))
        for day, (a, b), part in zip(pairwise(days.tolist()), pairwise(begins.tolist()), estimated, strict=True)
    }


def _of_meter(meter: MeterEntry, edges: Instants, columns: Mapping[int, HourColumns]) -> CountedBuckets:
    """Return what a meter counted in each hour while it was valid."""
    series: Series | None = next(iter(meter.series.values()), None)  # the only one that is read of it
    column = columns.get(series.series_id, NOTHING) if series else NOTHING
    return column.counted(edges, meter.valid_from, meter.valid_to)
