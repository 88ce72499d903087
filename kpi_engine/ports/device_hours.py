"""Hours of a gauge, device by device: what depends on how long each of them was above or below something reads this."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from ingest.model.reading import ReadingKind
from kpi_engine.indicator import Selection
from kpi_engine.ports.hours import HourColumn, group_of, hour_edges
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.standing import StandingSeries, standing
from kpi_engine.ports.stored_keys import HourGroup, HoursKey, Member

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope

Table = npt.NDArray[np.float64]  # values, lower and upper bounds x hours


@dataclass(frozen=True)
class DeviceColumn:
    """What a device showed in the hours in which it stood, which begin at ``edges[:-1]``: NaN where not known."""

    device: str
    zone: str
    edges: Instants
    hours: HourColumn


@dataclass(frozen=True)
class DeviceHours(Port[tuple[DeviceColumn, ...]]):
    """The hours of the gauge ``quantity`` at every device that reports it, of ``device_types``."""

    quantity: str
    device_types: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the devices that report the gauge."""
        return (Selection((self.quantity,), device_types=self.device_types, only_reporting=True),)

    def bind(self, scope: "PortScope") -> "BoundDeviceHours":
        """Return the devices of a subject that report the gauge."""
        members = standing(scope, *self.reads)
        return BoundDeviceHours(tuple((one, _group(one, scope.zone)) for one in members), scope.zone)


@dataclass(frozen=True)
class BoundDeviceHours(Reads[tuple[DeviceColumn, ...]]):
    """The gauges of a subject, each with its hours."""

    members: tuple[tuple[StandingSeries, HourGroup], ...]
    zone: str

    @property
    def series(self) -> frozenset[int]:
        """The series of the gauges."""
        return frozenset(one.series_id for one, _ in self.members)

    @property
    def lacks(self) -> bool:
        """Whether no device reports it."""
        return not self.members

    @property
    def day_groups(self) -> tuple[HourGroup, ...]:
        """One group for each device, whose days may be kept."""
        return tuple(group for _, group in self.members)

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield each device with its series and the time in which it stands."""
        yield from ((f"city file: device {one.device}", (one, group.digest)) for one, group in self.members)

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the hours of each device that stands in a part of [start, end)."""
        return [HoursKey(group, start, end) for one, group in self.members if one.stands(start, end)]

    def given(self, start: int, end: int, found: Found) -> tuple[DeviceColumn, ...]:
        """Return the hours of every device that stood in the window, in the order of their names."""
        edges = hour_edges(start, end, self.zone)
        return tuple(
            self._of(one, found[HoursKey(group, start, end)], edges)
            for one, group in self.members
            if one.stands(start, end)
        )

    def _of(self, one: StandingSeries, table: Table, edges: Instants) -> DeviceColumn:
        first, last = np.searchsorted(edges, one.clip(int(edges[0]), int(edges[-1])))
        rows = table[:, first:last]
        return DeviceColumn(one.device, self.zone, edges[first : last + 1], HourColumn(*rows))


def _group(one: StandingSeries, zone: str) -> HourGroup:
    return group_of((Member(one.series_id, one.valid_from, one.valid_to, inf, ReadingKind.GAUGE, is_net=False),), zone)
