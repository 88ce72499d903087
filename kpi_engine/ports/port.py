"""A port: one kind of input of an indicator. It says who is read and what, and makes of what is stored its value.

An indicator declares its ports, and takes from its window what each gives. A port that is bound to a subject says which
stored keys a window needs; all windows are then read at once, one query per kind of key. Pure; times are microseconds.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ingest.model.catalogue import Series
from ingest.model.city.assets import City, Device
from ingest.model.spans import ALWAYS, Span, clip, union
from kpi_engine.boundary.balancing import balanced_meters
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.membership import Membership
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Needs, Selection
from kpi_engine.statistics.given import GivenValue

if TYPE_CHECKING:
    from kpi_engine.ports.model import FittedVersion
    from kpi_engine.ports.stored_keys import HourGroup, LampGroup

GivenT_co = TypeVar("GivenT_co", covariant=True)

Dated = tuple[str, object, Span]
"""What decides a value: its name in words, its state, and the span outside of which it decides nothing."""

Found = Mapping[Hashable, Any]
"""What is stored under the keys that ports asked for; a key under which nothing is stored is absent."""


@dataclass(frozen=True)
class PortScope:
    """Whom a port is bound to: the ``devices`` of a city, of one ``site`` or of a group of it, and their series.

    ``statistics``: what was given for the city (None) and for each of its sites. ``factors``: every published one, in
    order of publication. ``membership``: who belongs to a group, where it is one; ``site`` is None then as well.
    ``fitted``: by site and name, which fit of a baseline holds.
    """

    city: City
    site: str | None
    topology: Topology
    devices: tuple[Device, ...]
    series: Mapping[str, Mapping[str, Series]]
    statistics: Mapping[str | None, Sequence[GivenValue]] = field(default_factory=dict)
    factors: Sequence[Factor] = ()
    membership: Membership | None = None
    fitted: "Mapping[tuple[str, str], FittedVersion]" = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The zone of the subject's civil time."""
        return self.city.timezone

    @property
    def name(self) -> str:
        """What the subject is called."""
        return self.membership.group.name if self.membership else self.site or self.city.name

    def spans(self, device: Device) -> list[Span]:
        """Return when one of its devices is valid and belongs to it."""
        valid = self.topology.validity(device)
        return clip(valid, self.membership.spans(device)) if self.membership else [valid]

    def counted(self, needs: Needs) -> MeterSet:
        """Return which meters count for what an indicator needs."""
        count = balanced_meters if needs.balance else counted_meters
        if self.membership is None:
            return count(self.topology, self.devices, self.series, needs)
        return self.membership.counted(lambda devices: count(self.topology, devices, self.series, needs))

    def reached(self, devices: Iterable[Device]) -> dict[str, list[Span]]:
        """Return the sites of some of its devices and those that they serve, and when."""
        if self.membership is None:
            return self.topology.reached({device.site for device in devices})
        begun: dict[str, list[Span]] = {}
        for device in devices:
            begun[device.site] = union([*begun.get(device.site, ()), *self.membership.spans(device)])
        return self.topology.reached_from(begun)


class BoundPort(ABC):
    """A port bound to a subject: whose readings decide what it gives, and what does beside them."""

    @property
    def series(self) -> frozenset[int]:
        """Ids of the series whose readings decide what it gives."""
        return frozenset()

    @property
    def borrowed(self) -> frozenset[int]:
        """Those of them that are not the subject's own: they do not begin its life."""
        return frozenset()

    @property
    def lacks(self) -> bool:
        """Whether the subject has nothing that it could give, so that the indicator is none of its."""
        return False

    @property
    def day_groups(self) -> "tuple[HourGroup | LampGroup, ...]":
        """Groups of series whose days of hours it reads, and which may be kept."""
        return ()

    def refused(self, start: int, end: int) -> str | None:  # noqa: ARG002 - most refuse nothing
        """Return why there can be no figure of [start, end), whatever is stored."""
        return None

    @abstractmethod
    def items(self) -> Iterator[tuple[str, object]]:
        """Yield what decides its value but readings, each with its name in words."""

    def dated_items(self) -> "Iterator[Dated]":
        """Yield the same, each with the span outside of which it decides nothing: always, unless a port says more."""
        yield from ((item, state, ALWAYS) for item, state in self.items())


class Reads(BoundPort, Generic[GivenT_co]):
    """A bound port that says which stored keys it needs, and makes its value of what is stored under them."""

    def keys(self, start: int, end: int) -> Iterable[Hashable]:  # noqa: ARG002 - what is declared is not stored
        """Return the stored keys that [start, end) needs."""
        return ()

    @abstractmethod
    def given(self, start: int, end: int, found: Found) -> GivenT_co:
        """Return its value over [start, end) from what is stored."""


class Port(ABC, Generic[GivenT_co]):
    """A kind of input, as an indicator declares it; ports are values, equal ones read the same."""

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Which devices it reads, and which quantities of them; none where it reads what is declared."""
        return ()

    @property
    def lacking(self) -> str | None:
        """Say what a subject lacks that has nothing for it, where that is no device; None where it is."""
        return None

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """Names of facts without which the indicator is none of a subject's."""
        return ()

    @abstractmethod
    def bind(self, scope: PortScope) -> BoundPort:
        """Return the port of one subject."""
