"""The devices of a subject that report a quantity, and from when to when each stands."""

from abc import abstractmethod
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple

from kpi_engine.formulas.bucket_cover import Tile, tiles
from kpi_engine.indicator import Selection
from kpi_engine.ports.port import GivenT_co, Reads

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class StandingSeries(NamedTuple):
    """A series of a device that stands in [valid_from, valid_to)."""

    device: str
    site: str
    series_id: int
    valid_from: int
    valid_to: int

    def clip(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of [start, end) in which it stands; empty where it ends before it begins."""
        return max(start, self.valid_from), min(end, self.valid_to)

    def stands(self, start: int, end: int) -> bool:
        """Whether it stands in a part of [start, end)."""
        first, last = self.clip(start, end)
        return first < last


def standing(scope: "PortScope", one: Selection) -> tuple[StandingSeries, ...]:
    """Return who reports the only quantity of a selection, in the order of their names."""
    (quantity,) = one.quantities
    return tuple(
        StandingSeries(d.name, d.site, scope.series[d.name][quantity].series_id, *span)
        for d in sorted(scope.devices, key=lambda d: d.name)
        if scope.topology.is_chosen(d, one)
        for span in scope.spans(d)
    )


@dataclass(frozen=True)
class BucketsOfSeries(Reads[GivenT_co], Generic[GivenT_co]):
    """A port that reads of each of its series the buckets that fill a window."""

    members: tuple[StandingSeries, ...]
    zone: str

    @property
    def series(self) -> frozenset[int]:
        """The series that are read."""
        return frozenset(one.series_id for one in self.members)

    @property
    def lacks(self) -> bool:
        """Whether no device reports the quantity."""
        return not self.members

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield each device with its series and the time in which it stands."""
        yield from ((f"city file: device {one.device}", one) for one in self.members)

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the buckets of every series that fill the window."""
        clipped = ((one.series_id, one.clip(start, end)) for one in self.members)
        return [self._key(series, tile) for series, span in clipped for tile in tiles(*span, self.zone)]

    @staticmethod
    @abstractmethod
    def _key(series: int, tile: Tile) -> Hashable:
        """Return under which key a bucket of a series is stored."""
