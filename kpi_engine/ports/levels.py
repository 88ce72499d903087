"""Levels of gauges: time-weighted mean, least and greatest reading of each device."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kpi_engine.evidence.amounts import LARGEST, LONGEST
from kpi_engine.formulas.bucket_cover import Tile, tiles
from kpi_engine.indicator import Entry, Selection
from kpi_engine.ports.port import Found, Port
from kpi_engine.ports.standing import BucketsOfSeries, StandingSeries, standing
from kpi_engine.ports.stored_keys import RollupKey
from processors.steps.rollup import Rollup, combine

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class Level(Entry):
    """What a gauge said while its device stood in a window, in the quantity's unit.

    ``seconds``: how long it stood there; ``known``: how much of it lies between readings near enough to each other.
    ``mean`` is weighted by time; None where nothing is known.
    """

    device: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    known: float = Field(ge=0, le=LONGEST)
    mean: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    minimum: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    maximum: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)


@dataclass(frozen=True)
class Levels(Port[tuple[Level, ...]]):
    """The levels of ``quantity`` at every device that reports it, of ``device_types`` and at sites of ``verticals``."""

    quantity: str
    device_types: tuple[str, ...] = ()
    verticals: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the devices that report the gauge."""
        return (Selection((self.quantity,), None, self.device_types, self.verticals, only_reporting=True),)

    def bind(self, scope: "PortScope") -> "BoundLevels":
        """Return the devices of a subject that report the gauge."""
        return BoundLevels(standing(scope, *self.reads), scope.zone)


@dataclass(frozen=True)
class BoundLevels(BucketsOfSeries[tuple[Level, ...]]):
    """The gauges of a subject."""

    @staticmethod
    def _key(series: int, tile: Tile) -> RollupKey:
        return RollupKey(series, tile)

    def given(self, start: int, end: int, found: Found) -> tuple[Level, ...]:
        """Return the level of every device that stood in the window, in the order of their names."""
        return tuple(self._of(one, *one.clip(start, end), found) for one in self.members if one.stands(start, end))

    def _of(self, one: StandingSeries, start: int, end: int, found: Found) -> Level:
        stored = (found.get(RollupKey(one.series_id, tile)) for tile in tiles(start, end, self.zone))
        whole: Rollup = combine([part for part in stored if part is not None], start, end)
        return Level(
            device=one.device,
            seconds=whole.seconds,
            known=whole.weighted,
            mean=whole.mean,
            minimum=whole.minimum,
            maximum=whole.maximum,
        )
