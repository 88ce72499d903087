"""Further meters: what another group of them counted over the window, beside the meters of the indicator itself.

What stands for one of them that was silent, and what is said of those that were never read, is as for the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi_engine.boundary.metering import MeterSet
from kpi_engine.indicator import Needs, Selection
from kpi_engine.ports.port import Cut, OfMeters, Port, PortScope
from kpi_engine.window import Meter


@dataclass(frozen=True)
class FurtherMeters(Port[Sequence[Meter]]):
    """The meters of ``selections``; ``nested``: submeters drop out. ``is_needed``: without any there is no figure."""

    selections: tuple[Selection, ...]
    nested: bool = True
    is_needed: bool = False

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return its selections."""
        return self.selections

    def bind(self, scope: PortScope) -> "BoundMeters":
        """Return the meters of a subject."""
        return BoundMeters(scope.counted(Needs(self.selections, nested=self.nested)), self.is_needed)


@dataclass(frozen=True)
class BoundMeters(OfMeters[Sequence[Meter]]):
    """Who counts among a subject's meters."""

    counted: MeterSet
    is_needed: bool

    @property
    def series(self) -> frozenset[int]:
        """Every series that is read."""
        every = (quantities for one in self.counted.entries for quantities in (one.series, one.beside))
        return frozenset(series.series_id for quantities in every for series in quantities.values())

    @property
    def lacks(self) -> bool:
        """Whether there is no such meter, though one is needed."""
        return self.is_needed and not self.counted.entries

    def cuts(self, start: int, end: int) -> Sequence[Cut]:
        """Return all of them all the time."""
        return (Cut(self.counted, start, end),)

    def made(self, cuts: Sequence[Cut], meters: Sequence[Sequence[Meter]]) -> Sequence[Meter]:  # noqa: ARG002 - there is one
        """Return them."""
        return meters[0]

    def refused(self, start: int, end: int) -> str | None:
        """Return why they cannot be added up in [start, end)."""
        return self.counted.refused(start, end)

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield each meter with its series and the times in which it counts."""
        spans: dict[str, list[object]] = {}
        for one in self.counted.entries:
            read = sorted((quantity, series.series_id) for quantity, series in {**one.series, **one.beside}.items())
            spans.setdefault(one.name, []).append((one.valid_from, one.valid_to, read, one.missing.value))
        yield from ((f"city file: device {name}", sorted(map(repr, every))) for name, every in spans.items())
        if self.counted.refusals:
            yield "city file: meters of which one may contain another", self.counted.refusals
