"""Time in named states: how long each device was in each state, as status messages tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import SECOND
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.formulas.bucket_cover import Tile, tiles
from kpi_engine.indicator import Entry, Selection
from kpi_engine.ports.port import Found, Port
from kpi_engine.ports.standing import BucketsOfSeries, standing
from kpi_engine.ports.stored_keys import StateKey

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class DeviceStates(Entry):
    """How long a device was in which state while it stood in a window; all in seconds.

    ``seconds``: how long it stood there; what ``held`` leaves of it is not known.
    """

    device: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    held: dict[str, Annotated[float, Field(ge=0, le=LONGEST)]] = Field(default_factory=dict)

    def within(self, *states: str) -> float:
        """Return how long it was in one of ``states``."""
        return sum(self.held.get(state, 0.0) for state in states)

    @property
    def known(self) -> float:
        """How long its state is known."""
        return sum(self.held.values())


@dataclass(frozen=True)
class States(Port[tuple[DeviceStates, ...]]):
    """The time by state of ``quantity`` at every device of ``device_types`` that reports it."""

    quantity: str
    device_types: tuple[str, ...]

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the devices that report the state."""
        return (Selection((self.quantity,), device_types=self.device_types, only_reporting=True),)

    def bind(self, scope: "PortScope") -> "BoundStates":
        """Return the devices of a subject that report the state."""
        return BoundStates(standing(scope, *self.reads), scope.zone, QUANTITIES[self.quantity].states)


@dataclass(frozen=True)
class BoundStates(BucketsOfSeries[tuple[DeviceStates, ...]]):
    """The states of a subject's devices."""

    names: tuple[str, ...]

    @staticmethod
    def _key(series: int, tile: Tile) -> StateKey:
        return StateKey(series, tile)

    def given(self, start: int, end: int, found: Found) -> tuple[DeviceStates, ...]:
        """Return the time by state of every device that stood in the window, in the order of their names."""
        spans: dict[str, list[tuple[int, int, int]]] = {}
        for one in (one for one in self.members if one.stands(start, end)):
            spans.setdefault(one.device, []).append((one.series_id, *one.clip(start, end)))
        return tuple(self._of(device, every, found) for device, every in spans.items())

    def _of(self, device: str, spans: Sequence[tuple[int, int, int]], found: Found) -> DeviceStates:
        held: dict[str, float] = {}
        for series, start, end in spans:
            for tile in tiles(start, end, self.zone):
                for code, duration in found.get(StateKey(series, tile), {}).items():
                    held[self.names[code]] = held.get(self.names[code], 0.0) + duration / SECOND
        return DeviceStates(device=device, seconds=sum(end - start for _, start, end in spans) / SECOND, held=held)
