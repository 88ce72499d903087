"""Windows for many figures at once: what rollups are needed, and how they become meters, stretches and hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.time import isoformat
from kpi_engine.factors.factor import Factor, dated
from kpi_engine.indicator import Needs
from kpi_engine.rollups import HourColumns, Rollups, on_grid, read_hours, read_rollups
from kpi_engine.subjects import MeterEntry, Subject
from kpi_engine.tiles import Tile, tiles
from kpi_engine.window import Amount, Hours, Meter, Stretch, Window
from processors.steps.rollup import Rollup, combine
from processors.storage.database import Connection

NOTHING: Final = HourColumns()


@dataclass(frozen=True)
class Request:
    """A window to load: a subject in [start, end), whose edges are those of civil hours."""

    subject: Subject
    start: int
    end: int
    needs: Needs

    @property
    def factors(self) -> str | None:
        """The name of the dated factor that the city uses for this carrier."""
        return self.subject.city.factors.get(self.needs.carrier)


@dataclass(frozen=True)
class _Part:
    """A meter within a part of the window, clipped to the meter's validity: never empty."""

    meter: MeterEntry
    start: int
    end: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class _Plan:
    """A request, and the parts it needs: of the whole window, and of each stretch with its factor."""

    request: Request
    whole: tuple[_Part, ...]
    stretches: tuple[tuple[Stretch, tuple[_Part, ...]], ...]

    def rollups(self) -> Iterator[tuple[int, Tile]]:
        """Yield series and bucket of every rollup needed."""
        every = [*self.whole, *(part for _, parts in self.stretches for part in parts)]
        for part in every:
            for quantity in self.request.needs.quantities:
                if quantity in part.meter.series:
                    yield from ((part.meter.series[quantity].series_id, tile) for tile in part.tiles)


def load(connection: Connection, requests: Sequence[Request], factors: Sequence[Factor]) -> list[Window]:
    """Return a window for each request, in their order; ``factors`` are all published ones, oldest first."""
    plans = [_plan(request, factors) for request in requests]
    rollups = read_rollups(connection, {key for plan in plans for key in plan.rollups()})
    hours = read_hours(connection, _spans(requests))
    return [_window(plan, rollups, hours) for plan in plans]


def _plan(request: Request, factors: Sequence[Factor]) -> _Plan:
    stretches = _stretches(request, factors) if request.needs.dated_factor else []
    return _Plan(
        request,
        _parts(request, request.start, request.end),
        tuple((stretch, _parts(request, stretch.start, stretch.end)) for stretch in stretches),
    )


def _stretches(request: Request, factors: Sequence[Factor]) -> list[Stretch]:
    named = [factor for factor in factors if factor.name == request.factors and factor.carrier == request.needs.carrier]
    return [
        Stretch(
            part.start, part.end, (), part.factor, None if part.factor else _no_factor(request, part.start, part.end)
        )
        for part in dated(named, request.start, request.end, request.subject.zone)
    ]


def _no_factor(request: Request, start: int, end: int) -> str:
    carrier, city = request.needs.carrier, request.subject.city
    if request.factors is None:
        return f"city {city.name} names no emission factor for {carrier} (factors.{carrier} in its file)"
    return f"no version of factor {request.factors} is valid from {isoformat(start)} to {isoformat(end)}"


def _parts(request: Request, start: int, end: int) -> tuple[_Part, ...]:
    parts = []
    for meter in request.subject.meters.get(request.needs.carrier, ()):
        first, last = max(start, meter.valid_from), min(end, meter.valid_to)
        if first < last:
            parts.append(_Part(meter, first, last, tiles(first, last, request.subject.zone)))
    return tuple(parts)


def _window(plan: _Plan, rollups: Rollups, hours: Mapping[int, HourColumns]) -> Window:
    request = plan.request
    return Window(
        request.start,
        request.end,
        _meters(plan.whole, request.needs, rollups),
        tuple(replace(stretch, meters=_meters(parts, request.needs, rollups)) for stretch, parts in plan.stretches),
        _hours(plan, hours),
    )


def _meters(parts: Sequence[_Part], needs: Needs, rollups: Rollups) -> tuple[Meter, ...]:
    return tuple(
        Meter(
            part.meter.name,
            {
                quantity: _amount(part, quantity, rollups)
                for quantity in needs.quantities
                if quantity in part.meter.series
            },
        )
        for part in parts
    )


def _amount(part: _Part, quantity: str, rollups: Rollups) -> Amount:
    series = part.meter.series[quantity]
    stored = (rollups.get((series.series_id, tile)) for tile in part.tiles)
    return Amount(unbroken([rollup for rollup in stored if rollup is not None], part.start, part.end), series.kind)


def unbroken(parts: Sequence[Rollup], start: int, end: int) -> Rollup:
    """Combine ``parts``, in order of time, into [start, end); what is known ends at the first break between them.

    Combined extents alone would hide a bucket in the middle of which nothing is known, and the sum would be partial.
    """
    known = [part for part in parts if part.covered_from is not None]
    combined = combine(parts, start, end)
    for before, after in pairwise(known):
        if before.covered_to != after.covered_from:
            return replace(combined, covered_to=before.covered_to)
    return combined


def _spans(requests: Sequence[Request]) -> dict[int, tuple[int, int]]:
    """Return for each series whose hours are needed the span that holds them all."""
    spans: dict[int, tuple[int, int]] = {}
    for request in requests:
        for series_id in _hourly_series(request):
            start, end = spans.get(series_id, (request.start, request.end))
            spans[series_id] = min(start, request.start), max(end, request.end)
    return spans


def _hourly_series(request: Request) -> list[int]:
    needs, subject = request.needs, request.subject
    if needs.hourly is None or needs.carrier not in subject.factor_series:
        return []
    meters = [meter for meter in subject.meters.get(needs.carrier, ()) if needs.hourly in meter.series]
    return [*(m.series[needs.hourly].series_id for m in meters), subject.factor_series[needs.carrier].series_id]


def _hours(plan: _Plan, columns: Mapping[int, HourColumns]) -> Hours | None:
    request = plan.request
    needs, subject = request.needs, request.subject
    if needs.hourly is None or needs.carrier not in subject.factor_series:
        return None
    edges = _hour_edges(request)
    amount, estimated = np.zeros(len(edges) - 1), 0.0
    for part in sorted(plan.whole, key=lambda part: part.meter.name):
        series = part.meter.series.get(needs.hourly)
        hours = columns.get(series.series_id, NOTHING) if series else NOTHING
        counts = (edges[:-1] >= part.start) & (edges[:-1] < part.end)
        amount += np.where(counts, on_grid(edges, hours.bucket, hours.total), 0.0)
        estimated += float(np.nansum(np.where(counts, on_grid(edges, hours.bucket, hours.estimated), 0.0)))
    factor = subject.factor_series[needs.carrier]
    known = columns.get(factor.series_id, NOTHING)
    return Hours(amount, on_grid(edges, known.bucket, known.mean), estimated, f"{factor.device}/{factor.quantity}")


def _hour_edges(request: Request) -> Instants:
    edges = covering(request.start, request.end, Period.HOUR, request.subject.zone)
    first, last = np.searchsorted(edges, [request.start, request.end])
    return edges[first : last + 1]
