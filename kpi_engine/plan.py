"""What windows need: the rollups of the meters that count, as a whole and for each stretch of one factor. Pure."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.boundary.metering import MeterEntry
from kpi_engine.bucket_cover import Tile, tiles
from kpi_engine.factors.choice import chosen, not_chosen
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator
from kpi_engine.ports.meters import BoundMeters
from kpi_engine.ports.port import Port, Reads
from kpi_engine.subjects import Subject
from kpi_engine.window import Stretch


@dataclass(frozen=True)
class Request:
    """A window to load: a subject in [start, end), whose edges are those of civil hours, for one indicator."""

    subject: Subject
    start: int
    end: int
    indicator: Indicator[Any]


@dataclass(frozen=True)
class Part:
    """A meter within a part of the window, clipped to the meter's validity: never empty."""

    meter: MeterEntry
    start: int
    end: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class ComputingPlan:
    """A request, and the parts it needs: of the whole window, of each stretch with its factor, of ports of meters."""

    request: Request
    whole: tuple[Part, ...]
    stretches: tuple[tuple[Stretch, tuple[Part, ...]], ...]
    groups: tuple[tuple[Port[Any], tuple[Part, ...]], ...] = ()

    def stored_keys(self) -> Iterator[Hashable]:
        """Yield what the ports of the indicator need."""
        asked = self.request
        for port in asked.subject.ports_of(asked.indicator).values():
            if isinstance(port, Reads):
                yield from port.keys(asked.start, asked.end)

    def rollups(self) -> Iterator[tuple[int, Tile]]:
        """Yield series and bucket of every rollup needed."""
        for part in (*self.whole, *(part for _, cut in (*self.stretches, *self.groups) for part in cut)):
            for series in (*part.meter.series.values(), *part.meter.beside.values()):
                yield from ((series.series_id, tile) for tile in part.tiles)


def plan(request: Request, factors: Sequence[Factor]) -> ComputingPlan:
    """Return what ``request`` needs; ``factors`` are all published ones, oldest first."""
    stretches = list(_stretches(request, factors)) if request.indicator.needs.dated_factor else []
    meters = request.subject.meters_of(request.indicator)
    return ComputingPlan(
        request,
        parts(request, meters, request.start, request.end),
        tuple(
            (one, parts(request, [m for m in meters if m.carrier == one.carrier], one.start, one.end))
            for one in stretches
        ),
        tuple(
            (port, parts(request, bound.counted.entries, request.start, request.end))
            for port, bound in request.subject.ports_of(request.indicator).items()
            if isinstance(bound, BoundMeters)
        ),
    )


def _stretches(request: Request, factors: Sequence[Factor]) -> Iterator[Stretch]:
    """Yield the stretches of one factor of each carrier that has a meter."""
    present = {meter.carrier for meter in request.subject.meters_of(request.indicator)}
    for carrier in (one for one in request.indicator.needs.carriers if one in present):
        published = [factor for factor in factors if factor.carrier == carrier]
        for part in chosen(request.subject.city, carrier, published, request.start, request.end):
            missing = None if part.factor else not_chosen(request.subject.city, carrier, part)
            yield Stretch(carrier, part.start, part.end, (), part.factor, missing)


def parts(request: Request, meters: Sequence[MeterEntry], start: int, end: int) -> tuple[Part, ...]:
    """Return the meters that stand in [start, end), each with the rollups that it takes."""
    clipped = ((meter, max(start, meter.valid_from), min(end, meter.valid_to)) for meter in meters)
    zone = request.subject.zone
    return tuple(Part(meter, a, b, tiles(a, b, zone)) for meter, a, b in clipped if a < b)
