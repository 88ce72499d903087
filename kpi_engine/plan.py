"""What windows need: the rollups of a subject's meters, as a whole and for each stretch of one factor. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model.time import isoformat
from kpi_engine.factors.factor import Factor, dated
from kpi_engine.indicator import Needs
from kpi_engine.subjects import MeterEntry, Subject
from kpi_engine.tiles import Tile, tiles
from kpi_engine.window import Stretch


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
class Part:
    """A meter within a part of the window, clipped to the meter's validity: never empty."""

    meter: MeterEntry
    start: int
    end: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Plan:
    """A request, and the parts it needs: of the whole window, and of each stretch with its factor."""

    request: Request
    whole: tuple[Part, ...]
    stretches: tuple[tuple[Stretch, tuple[Part, ...]], ...]

    def rollups(self) -> Iterator[tuple[int, Tile]]:
        """Yield series and bucket of every rollup needed."""
        every = [*self.whole, *(part for _, parts in self.stretches for part in parts)]
        for part in every:
            for quantity in self.request.needs.quantities:
                if quantity in part.meter.series:
                    yield from ((part.meter.series[quantity].series_id, tile) for tile in part.tiles)


def plan(request: Request, factors: Sequence[Factor]) -> Plan:
    """Return what ``request`` needs; ``factors`` are all published ones, oldest first."""
    stretches = _stretches(request, factors) if request.needs.dated_factor else []
    return Plan(
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


def _parts(request: Request, start: int, end: int) -> tuple[Part, ...]:
    parts = []
    for meter in request.subject.meters.get(request.needs.carrier, ()):
        first, last = max(start, meter.valid_from), min(end, meter.valid_to)
        if first < last:
            parts.append(Part(meter, first, last, tiles(first, last, request.subject.zone)))
    return tuple(parts)
