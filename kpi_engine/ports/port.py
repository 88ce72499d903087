"""A port: one kind of input of an indicator. It says who is read and what, and makes of what is stored its value.

An indicator declares its ports, and takes from its window what each gives. A port that is bound to a subject says which
stored keys a window needs; all windows are then read at once, one query per kind of key. Pure; times are microseconds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, NamedTuple, TypeVar

from ingest.model.catalogue import Series
from ingest.model.city.assets import City, Device
from ingest.model.spans import ALWAYS, Span, clip, union
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.membership import Membership
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator, Needs, Selection
from kpi_engine.statistics.given import GivenValue
from kpi_engine.window import Meter

if TYPE_CHECKING:
    from kpi_engine.ports.model import BaselineOf, FittedVersion
    from kpi_engine.ports.stored_keys import DayGroup

GivenT_co = TypeVar("GivenT_co", covariant=True)

Dated = tuple[str, object, Span]
"""What decides a value: its name in words, its state, and the span outside of which it decides nothing."""

Found = Mapping[Hashable, Any]
"""What is stored under the keys that ports asked for; a key under which nothing is stored is absent."""


NO_METERS: Final = MeterSet()


class DefinitionPlace(Enum):
    """Where what decides a port stands in the definition of figures.

    Some was said of indicators before there were ports, and stands where it did: figures keep their definitions.
    """

    METERS = "with the meters"  # which say all of it
    FACTORS = "factors"
    FACTOR_SERIES = "factor series"
    FACTS = "facts"
    BEHIND = "behind"  # in the order in which ports are declared


@dataclass(frozen=True)
class PortScope:
    """Whom a port is bound to: the ``devices`` of a city, of one ``site`` or of a group of it, and their series.

    ``statistics``: what was given for the city (None) and for each of its sites. ``factors``: every published one, in
    order of publication. ``membership``: who belongs to a group, where it is one; ``site`` is None then as well.
    ``fitted``: by site or group and name, which fit of a baseline holds. ``own``, of ``carriers``: the meters of the
    indicator itself, for a port that is of them. ``known``: what was counted before.
    """

    city: City
    site: str | None
    topology: Topology
    devices: tuple[Device, ...]
    series: Mapping[str, Mapping[str, Series]]
    statistics: Mapping[str | None, Sequence[GivenValue]] = field(default_factory=dict)
    factors: Sequence[Factor] = ()
    membership: Membership | None = None
    fitted: "Mapping[BaselineOf, FittedVersion]" = field(default_factory=dict)
    own: MeterSet = NO_METERS
    carriers: tuple[str, ...] = ()
    known: dict[Needs, MeterSet] = field(default_factory=dict, compare=False, repr=False)

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
        if needs not in self.known:
            self.known[needs] = self.put_together(
                lambda devices: counted_meters(self.topology, devices, self.series, needs)
            )
        return self.known[needs]

    def put_together(self, count: Callable[[Sequence[Device]], MeterSet]) -> MeterSet:
        """Return what ``count`` counts of its devices; of a group, while each belongs to it."""
        return self.membership.counted(count) if self.membership else count(self.devices)

    def own_meters(self, indicator: Indicator[Any]) -> MeterSet:
        """Return the meters of an indicator itself: those of a port that says who they are, or of its needs."""
        declared = (port.counted(self) for port in indicator.ports if isinstance(port, OwnMeters))
        return next(declared, None) or self.counted(indicator.needs)

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

    PLACE: ClassVar[DefinitionPlace] = DefinitionPlace.BEHIND

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
    def day_groups(self) -> "tuple[DayGroup, ...]":
        """Groups of series whose days of hours it reads, and which may be kept."""
        return ()

    @property
    def factor_carriers(self) -> Iterable[str]:
        """The carriers of which it takes published factors."""
        return ()

    def refused(self, start: int, end: int) -> str | None:  # noqa: ARG002 - most refuse nothing
        """Return why there can be no figure of [start, end), whatever is stored."""
        return None

    @abstractmethod
    def items(self) -> Iterator[tuple[str, object]]:
        """Yield what decides its value but readings, each with its name in words."""

    @property
    def decisive(self) -> object:
        """The same, as it stands in the definition of figures."""
        return list(self.items())

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


class Cut(NamedTuple):
    """Meters in [start, end), of one carrier or of all: what a port of meters needs the amounts of.

    ``factor``: the one that holds meanwhile, or None with ``missing`` saying why, where a port cuts by factors.
    """

    counted: MeterSet
    start: int
    end: int
    carrier: str | None = None
    factor: Factor | None = None
    missing: str | None = None


class OfMeters(BoundPort, Generic[GivenT_co]):
    """A bound port of what meters counted: planned, read and completed with the meters of the indicator itself."""

    IS_TOLD: ClassVar[bool] = True
    """Whether a figure has to say which of the meters were never read; of its own meters it does already."""

    @abstractmethod
    def cuts(self, start: int, end: int) -> Sequence[Cut]:
        """Return which meters [start, end) needs, in which parts of it."""

    @abstractmethod
    def made(self, cuts: Sequence[Cut], meters: Sequence[Sequence[Meter]]) -> GivenT_co:
        """Return its value from the meters of each cut."""


class Port(ABC, Generic[GivenT_co]):
    """A kind of input, as an indicator declares it; ports are values, equal ones read the same.

    ``IS_OWN``: it says which meters are the indicator's own. ``OF_OWN``: what it gives is of those meters, so that it
    is bound to them.
    """

    IS_OWN: ClassVar[bool] = False
    OF_OWN: ClassVar[bool] = False

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Which devices it reads, and which quantities of them; none where it reads what is declared."""
        return ()

    @property
    def lacking(self) -> str | None:
        """Say what a subject lacks that has nothing for it, where that is no device; None where it is."""
        return None

    @property
    def stated(self) -> tuple[str, ...]:
        """Names of the facts of the city file, or of the statistics, that it reads."""
        return ()

    @property
    def verticals(self) -> tuple[str, ...]:
        """The verticals that it is about, where no device says it."""
        return ()

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """Names of facts without which the indicator is none of a subject's."""
        return ()

    def lacking_in(self, city: City, carriers: Sequence[str]) -> str | None:  # noqa: ARG002 - most lack nothing
        """Say what a city file does not name, without which nothing of ``carriers`` has the indicator."""
        return None

    def factors(self, given: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401, ARG002 - what the port itself gives
        """Return what a figure says of the factors in what the port gives."""
        return ()

    def applied(self, given: Any) -> Iterable[tuple[Factor, int, int]]:  # noqa: ANN401, ARG002 - what the port gives
        """Return by which published factors something is counted in what the port gives, and from when to when."""
        return ()

    @abstractmethod
    def bind(self, scope: PortScope) -> BoundPort:
        """Return the port of one subject."""


class OwnMeters(Port[None]):
    """A port that says which meters are the indicator's own: they are the meters of its window."""

    IS_OWN = True

    @abstractmethod
    def counted(self, scope: PortScope) -> MeterSet:
        """Return them."""

    def bind(self, scope: PortScope) -> BoundPort:  # noqa: ARG002 - the meters say it all
        """Return a port that adds nothing to them."""
        return _SaidByMeters()


class _SaidByMeters(BoundPort):
    PLACE = DefinitionPlace.METERS

    def items(self) -> Iterator[tuple[str, object]]:
        return iter(())
