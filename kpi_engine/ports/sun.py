"""How long the sun stood low enough for lamps to burn, while each device stood: nothing stored, the real sun."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import Field

from ingest.model.city.assets import City, Fact
from ingest.model.time import SECOND
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.formulas.lamp_policies import Switching
from kpi_engine.formulas.sun_hours import hours_below
from kpi_engine.indicator import Entry, Selection
from kpi_engine.ports.hours import day_spans, hour_edges
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.standing import StandingSeries, standing

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


PLACE: Final = ("latitude", "longitude")


class Coordinates(NamedTuple):
    """Where a city is [deg], north and east positive."""

    latitude: float
    longitude: float


class SunTime(Entry):
    """How long a device stood in a window [s], and how many hours of it the sun stood below the height asked for."""

    device: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    below_h: float = Field(ge=0, le=LONGEST)


@dataclass(frozen=True)
class SunDown(Port[tuple[SunTime, ...]]):
    """How long the sun was down by a policy, at every device of ``device_types`` that reports ``quantity``."""

    policy: Switching
    quantity: str
    device_types: tuple[str, ...]

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the devices above which the sun is."""
        return (Selection((self.quantity,), device_types=self.device_types, only_reporting=True),)

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """Where the city is."""
        return PLACE

    def bind(self, scope: "PortScope") -> "BoundSunDown":
        """Return the devices of a subject under the sun of its city."""
        return BoundSunDown(standing(scope, *self.reads), place_of(scope.city), scope.zone, self.policy)


@dataclass(frozen=True)
class BoundSunDown(Reads[tuple[SunTime, ...]]):
    """The sun over the devices of a subject."""

    members: tuple[StandingSeries, ...]
    place: Coordinates | None
    zone: str
    policy: Switching

    @property
    def lacks(self) -> bool:
        """Whether there is no such device, or nobody says where the city is."""
        return not self.members or self.place is None

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the policy, the place, and the time in which each device stands."""
        yield f"policy {self.policy.name}", self.policy
        yield "city file: latitude and longitude", self.place
        yield from ((f"city file: device {one.device}", one) for one in self.members)

    def given(self, start: int, end: int, found: Found) -> tuple[SunTime, ...]:  # noqa: ARG002 - nothing is stored
        """Return the time of every device that stood in the window, in the order of their names."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for one in (one for one in self.members if one.stands(start, end)):
            spans.setdefault(one.device, []).append(one.clip(start, end))
        below = {span: self._below(*span) for span in {span for every in spans.values() for span in every}}
        return tuple(
            SunTime(
                device=device,
                seconds=sum(last - first for first, last in every) / SECOND,
                below_h=fsum(below[span] for span in every),
            )
            for device, every in spans.items()
        )

    def _below(self, start: int, end: int) -> float:
        if self.place is None:
            return 0.0
        days = (tuple(hour_edges(*day, self.zone).tolist()) for day in day_spans(start, end, self.zone))
        return fsum(fsum(hours_below(*self.place, edges, self.policy.below).tolist()) for edges in days)


def place_of(city: City) -> Coordinates | None:
    """Return where a city is, as the newest facts latitude and longitude say: it does not move."""
    latitude, longitude = (_newest(city, name) for name in PLACE)
    return None if latitude is None or longitude is None else Coordinates(latitude.value, longitude.value)


def _newest(city: City, name: str) -> Fact | None:
    dated = [fact for fact in city.facts if fact.name == name]
    return max(dated, key=lambda fact: fact.valid_from or date.min, default=None)
