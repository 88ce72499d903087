"""What windows need: the rollups of the meters that count, as a whole and for each stretch of one factor. Pure."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.factors.choice import chosen, not_chosen
from kpi_engine.factors.factor import Factor
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.indicator import Indicator
from kpi_engine.ports.meters import BoundMeters
from kpi_engine.ports.port import Port, Reads
from kpi_engine.ports.stored_keys import FigureKeyOfSpan
from kpi_engine.subjects.subject import Subject
from kpi_engine.window import Stretch
from kpi_engine.windows.parts import Cutting, ManyParts, Part


@dataclass(frozen=True)
class Request:
    """A window to load: a subject in [start, end), whose edges are those of civil hours, for one indicator."""

    subject: Subject
    start: int
    end: int
    indicator: Indicator[Any]

    def taken_until(self, end: int) -> FigureKeyOfSpan:
        """Return by which key others take the figure of its start to ``end``."""
        return FigureKeyOfSpan(self.indicator.name, *self.subject.name, self.start, end)


@dataclass(frozen=True)
class ComputingPlan:
    """A request, and the parts it needs: of the whole window, of each stretch with its factor, of ports of meters."""

    request: Request
    whole: Sequence[Part]
    stretches: tuple[tuple[Stretch, Sequence[Part]], ...]
    groups: tuple[tuple[Port[Any], Sequence[Part]], ...] = ()

    @property
    def every(self) -> Iterator[Sequence[Part]]:
        """The parts of the window, of its stretches, and of its ports."""
        yield self.whole
        yield from (cut for _, cut in (*self.stretches, *self.groups))

    def stored_keys(self) -> Iterator[Hashable]:
        """Yield what the ports of the indicator need."""
        asked = self.request
        for port in asked.subject.ports_of(asked.indicator).values():
            if isinstance(port, Reads):
                yield from port.keys(asked.start, asked.end)

    def rollups(self) -> Iterator[tuple[int, Tile]]:
        """Yield series and bucket of every rollup needed of few meters."""
        for part in (part for parts in self.every if not isinstance(parts, ManyParts) for part in parts):
            for series in (*part.meter.series.values(), *part.meter.beside.values()):
                yield from ((series.series_id, tile) for tile in part.tiles)


def plan(request: Request, factors: Sequence[Factor], cutting: Cutting) -> ComputingPlan:
    """Return what ``request`` needs; ``factors`` are all published ones, oldest first."""
    stretches = list(_stretches(request, factors, cutting)) if request.indicator.needs.dated_factor else []
    meters, zone = request.subject.meter_set(request.indicator), request.subject.zone
    return ComputingPlan(
        request,
        cutting.parts(meters, None, request.start, request.end, zone),
        tuple((one, cutting.parts(meters, one.carrier, one.start, one.end, zone)) for one in stretches),
        tuple(
            (port, cutting.parts(bound.counted, None, request.start, request.end, zone))
            for port, bound in request.subject.ports_of(request.indicator).items()
            if isinstance(bound, BoundMeters)
        ),
    )


def _stretches(request: Request, factors: Sequence[Factor], cutting: Cutting) -> Iterator[Stretch]:
    """Yield the stretches of one factor of each carrier that has a meter; sites of a city share theirs."""
    present = request.subject.meter_set(request.indicator).carriers
    for carrier in (one for one in request.indicator.needs.carriers if one in present):
        key = id(request.subject.city), carrier, request.start, request.end
        if key not in cutting.stretches:
            cutting.stretches[key] = tuple(_of_carrier(request, carrier, factors))
        yield from cutting.stretches[key]


def _of_carrier(request: Request, carrier: str, factors: Sequence[Factor]) -> Iterator[Stretch]:
    published = [factor for factor in factors if factor.carrier == carrier]
    for part in chosen(request.subject.city, carrier, published, request.start, request.end):
        missing = None if part.factor else not_chosen(request.subject.city, carrier, part)
        yield Stretch(carrier, part.start, part.end, (), part.factor, missing)
