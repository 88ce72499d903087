"""What windows need: the rollups of the meters that count, as a whole and for each stretch of one factor. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kpi_engine.boundary.metering import MeterSet
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.indicator import Indicator
from kpi_engine.ports.port import Cut, OfMeters, Port
from kpi_engine.ports.stored_keys import FigureKeyOfSpan
from kpi_engine.subjects.subject import Subject
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
class PortPlan:
    """A port of meters, and the parts of each of its cuts."""

    port: Port[Any]
    bound: OfMeters[Any]
    cuts: Sequence[Cut]
    parts: Sequence[Sequence[Part]]


@dataclass(frozen=True)
class ComputingPlan:
    """A request, and the parts it needs: of the whole window, and of its ports of meters."""

    request: Request
    whole: Sequence[Part]
    ports: tuple[PortPlan, ...] = ()

    @property
    def every(self) -> Iterator[Sequence[Part]]:
        """The parts of the window, and of its ports."""
        yield self.whole
        yield from (parts for one in self.ports for parts in one.parts)

    @cached_property
    def stored_keys(self) -> tuple[Hashable, ...]:
        """What the ports of the indicator need."""
        asked = self.request
        ports = asked.subject.ports_by_kind(asked.indicator).reading
        return tuple(key for _, bound in ports for key in bound.keys(asked.start, asked.end))


def rollups(plans: Iterable[ComputingPlan]) -> set[tuple[int, Tile]]:
    """Return series and bucket of every rollup needed of few meters; plans share the parts of the same meters."""
    few = {id(parts): parts for one in plans for parts in one.every if not isinstance(parts, ManyParts)}
    return {
        (series.series_id, tile)
        for parts in few.values()
        for part in parts
        for series in (*part.meter.series.values(), *part.meter.beside.values())
        for tile in part.tiles
    }


def plan(request: Request, cutting: Cutting) -> ComputingPlan:
    """Return what ``request`` needs."""
    zone = request.subject.zone
    meters = request.subject.meter_set(request.indicator)
    return ComputingPlan(
        request,
        cutting.parts(meters, None, request.start, request.end, zone),
        tuple(
            PortPlan(port, bound, cuts, [cutting.parts(*_of(one), zone) for one in cuts])
            for port, bound in request.subject.ports_by_kind(request.indicator).of_meters
            for cuts in [bound.cuts(request.start, request.end)]
        ),
    )


def _of(cut: Cut) -> tuple[MeterSet, str | None, int, int]:
    return cut.counted, cut.carrier, cut.start, cut.end
