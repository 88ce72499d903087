"""Whom indicators speak of: a city, a site or a group, what counts for each indicator, what decides its figures."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, NamedTuple

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City, Device, Site
from ingest.model.city.missing import Missing
from ingest.model.spans import FOREVER
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.membership import Membership
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.metering import MeterSet
from kpi_engine.factors.factor import Factor
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS, LEVELS
from kpi_engine.ports.metric import BoundMetric, MetricPeriod
from kpi_engine.ports.model import BaselineOf, FittedVersion
from kpi_engine.ports.port import NO_METERS, BoundPort, DefinitionPlace, OfMeters, Port, PortScope, Reads
from kpi_engine.statistics.given import GivenValue
from kpi_engine.subjects.subject_name import SubjectName as SubjectName  # noqa: PLC0414 - for whoever takes subjects

SubjectId = tuple[int, int | None]
"""The ids of a city and of a site of it, or of a group, whose ids are negative; None: the city as a whole."""

WHOLE_CITY: Final = 0  # in the database, in place of the site
FittedBaselines = Mapping[str, Mapping[BaselineOf, FittedVersion]]
"""By city, and by site or group and name, which fit of a baseline holds."""

NO_FITS: Final[FittedBaselines] = {}
NO_PORTS: Final[Mapping[Port[Any], BoundPort]] = {}
BEFORE_PORTS: Final[dict[DefinitionPlace, object]] = {
    DefinitionPlace.FACTORS: [],
    DefinitionPlace.FACTOR_SERIES: None,
    DefinitionPlace.FACTS: [],
}
"""What stands in a definition, in this order, where no port says it."""


class PortsByKind(NamedTuple):
    """The bound ports of an indicator, by what is done with them: found once, whatever the number of windows.

    ``refusing``: those that may refuse a figure. ``beside``: those that give figures of the window's own time.
    """

    of_meters: tuple[tuple[Port[Any], OfMeters[Any]], ...]
    reading: tuple[tuple[Port[Any], Reads[Any]], ...]
    refusing: tuple[BoundPort, ...]
    beside: tuple[BoundMetric, ...]

    @classmethod
    def of(cls, ports: Mapping[Port[Any], BoundPort]) -> "PortsByKind":
        """Return ports by their kind, each in the order in which they are declared."""
        return cls(
            tuple((port, bound) for port, bound in ports.items() if isinstance(bound, OfMeters)),
            tuple((port, bound) for port, bound in ports.items() if isinstance(bound, Reads)),
            tuple(bound for bound in ports.values() if type(bound).refused is not BoundPort.refused),
            tuple(bound for bound in metrics_of(ports).values() if bound.is_of_the_window),
        )


@dataclass(frozen=True)
class Subject:
    """A city, or one site or group of it; ``site`` and ``site_id`` are None for the city as a whole.

    ``meter_sets`` are what counts, and ``ports`` what is read beside, by the name of each indicator that can be had.
    ``sites`` are those of the city, or that one. Of a group ``site_id`` is its own id, ``site`` is None, ``membership``
    says who belongs to it, and ``joined`` when the device of a series did first. ``fellows``: every subject of the city
    by its name, whose figures it may take.
    """

    city: City
    city_id: int
    site: str | None
    site_id: int | None
    meter_sets: Mapping[str, MeterSet]
    ports: Mapping[str, Mapping[Port[Any], BoundPort]] = field(default_factory=dict)
    sites: Sequence[Site] = ()
    membership: Membership | None = None
    joined: Mapping[int, int] = field(default_factory=dict)
    fellows: "Mapping[SubjectName, Subject]" = field(default_factory=dict, compare=False, repr=False)

    @property
    def group(self) -> str | None:
        """The name of the group; None of a city or a site."""
        return self.membership.group.name if self.membership else None

    @property
    def name(self) -> SubjectName:
        """What it is called."""
        return SubjectName(self.city.name, self.site, self.group)

    @property
    def key(self) -> SubjectId:
        """The ids by which the database knows the subject."""
        return self.city_id, self.site_id

    @property
    def zone(self) -> str:
        """The zone of the subject's civil time."""
        return self.city.timezone

    @cached_property
    def indicators(self) -> tuple[Indicator[Any], ...]:
        """What can be computed: a meter that reports everything needed, and a factor series where hours need one."""
        return tuple(INDICATORS[name] for name in self.meter_sets)

    @cached_property
    def days_kept(self) -> frozenset[str]:
        """The indicators of a site or a group whose days are kept: those that one of its baselines measures by.

        So are those whose days others take, and figures of it that such figures take.
        """
        site = self.sites[0] if self.site else None
        owner = self.membership.group if self.membership else site
        baselines = owner.baselines if owner else ()
        kept = {one.energy.indicator for one in baselines if one.energy.indicator}
        taken_of_days = (port.metric for ports in self.ports.values() for port in metrics_of(ports).values())
        kept |= {one.kpi for one in taken_of_days if one.period is MetricPeriod.DAYS and self.site_id is not None}
        ahead = list(kept)
        while ahead:
            taken = {port.metric.kpi for port in metrics_of(self.ports.get(ahead.pop(), NO_PORTS)).values()} - kept
            kept |= taken
            ahead += taken
        return frozenset(kept)

    def keeps(self, indicator: Indicator[Any], period: Period) -> bool:
        """Whether figures of a period are kept, with their revisions; those of other days are computed when asked for.

        Of a site there are many more days than anybody asks for, and its months say what they come to; so of a group.
        """
        is_kept = period is not Period.DAY or self.site_id is None or indicator.name in self.days_kept
        return is_kept and period in indicator.periods

    def meter_set(self, indicator: Indicator[Any]) -> MeterSet:
        """Return what counts for ``indicator``."""
        return self.meter_sets.get(indicator.name, NO_METERS)

    def meters_of(self, indicator: Indicator[Any]) -> tuple[MeterEntry, ...]:
        """Return the meters that count for ``indicator``."""
        return self.meter_set(indicator).entries

    def ports_of(self, indicator: Indicator[Any]) -> Mapping[Port[Any], BoundPort]:
        """Return the ports of ``indicator``, bound to the subject."""
        return self.ports.get(indicator.name, NO_PORTS)

    def ports_by_kind(self, indicator: Indicator[Any]) -> PortsByKind:
        """Return the ports of ``indicator`` by what is done with them."""
        if indicator.name not in self._kinds:
            self._kinds[indicator.name] = PortsByKind.of(self.ports_of(indicator))
        return self._kinds[indicator.name]

    @cached_property
    def _kinds(self) -> dict[str, PortsByKind]:
        return {}

    def series_of(self, indicator: Indicator[Any]) -> set[int]:
        """Return the ids of the series that ``indicator`` reads."""
        every = [series for meter in self.meters_of(indicator) for series in (meter.series, meter.beside)]
        read = {one.series_id for series in every for one in series.values()}
        return read.union(*(port.series for port in self.ports_of(indicator).values()))

    @cached_property
    def life_series(self) -> frozenset[int]:
        """The series whose first reading begins the subject's life: those of its meters."""
        every = (self.series_of(indicator) for indicator in self.indicators)
        borrowed = (port.borrowed for ports in self.ports.values() for port in ports.values())
        return frozenset().union(*every) - frozenset().union(*borrowed)

    def begins(self, series: int) -> int:
        """Return from when on ``series`` can begin the subject's life: of a group, once its device has joined."""
        return self.joined[series] if series in self.joined else min(self.joined.values(), default=-FOREVER)

    def definition(self) -> dict[str, str]:
        """Return the zone, and by indicator a digest of everything but readings that decides the subject's figures."""
        digests = {one.name: sha256(repr(self._decisive(one)).encode()) for one in self.indicators}
        return {"zone": self.zone} | {name: digest.hexdigest()[:16] for name, digest in sorted(digests.items())}

    def _decisive(self, indicator: Indicator[Any]) -> tuple[object, ...]:
        counts = self.meter_sets[indicator.name]
        meters = sorted(
            (m.name, m.valid_from, m.valid_to, sorted((q, s.series_id) for q, s in m.series.items()))
            + ((m.role,) if m.role else ())
            + ((m.missing.value,) if m.missing is not Missing.SHARE else ())
            + ((sorted((q, s.series_id) for q, s in m.beside.items()),) if m.beside else ())
            for m in counts.entries
        )
        said = [(port.PLACE, port.decisive) for port in self.ports_of(indicator).values()]
        placed = BEFORE_PORTS | dict(said)
        return (
            self.zone,
            indicator.rule_version,
            meters,
            counts.refusals or None,
            *(placed[place] for place in BEFORE_PORTS),
            *(decisive for place, decisive in said if place is DefinitionPlace.BEHIND),
            *(("its days are kept",) if indicator.name in self.days_kept else ()),
        )


def subjects(
    catalogue: Catalogue,
    ids: Mapping[SubjectName, SubjectId],
    statistics: Sequence[GivenValue] = (),
    factors: Sequence[Factor] = (),
    fitted: FittedBaselines = NO_FITS,
) -> list[Subject]:
    """Return every city, site and group with at least one indicator.

    ``factors``: every published one, in order of publication. ``fitted``: by city, site or group, and name, which
    fit of a baseline holds.
    """
    given: dict[str, dict[str | None, list[GivenValue]]] = {}
    for one in statistics:
        given.setdefault(one.city, {}).setdefault(one.site, []).append(one)
    every = (
        subject
        for city in catalogue.cities.values()
        for subject in _subjects(
            catalogue, city, ids, _Beside(given.get(city.name, {}), factors, fitted.get(city.name, {}))
        )
    )
    return [subject for subject in every if subject.meter_sets]


def metrics_of(ports: Mapping[Port[Any], BoundPort]) -> dict[Port[Any], BoundMetric]:
    """Return those of the bound ports that give other figures."""
    return {port: bound for port, bound in ports.items() if isinstance(bound, BoundMetric)}


class _Beside(NamedTuple):
    """What is known of a city beside its file: statistics by site, published factors, fits of baselines."""

    statistics: Mapping[str | None, Sequence[GivenValue]]
    factors: Sequence[Factor]
    fitted: Mapping[BaselineOf, FittedVersion]


def _subjects(
    catalogue: Catalogue,
    city: City,
    ids: Mapping[SubjectName, SubjectId],
    beside: _Beside,
) -> Iterator[Subject]:
    """Yield the city, each of its sites and each of its groups, where figures that one takes can be had."""
    fellows: dict[SubjectName, Subject] = {}
    alone = {one.name: one for one in _alone(catalogue, city, ids, beside)}
    having = {name: set(one.meter_sets) for name, one in alone.items()}
    for level in LEVELS[1:]:
        for one in alone.values():
            having[one.name] -= {name for name in level & having[one.name] if _lacks(one, name, having)}
    for one in alone.values():
        sets = {name: counts for name, counts in one.meter_sets.items() if name in having[one.name]}
        ports = {name: _settled(one.ports[name], having) for name in sets}
        fellows[one.name] = replace(one, meter_sets=sets, ports=ports, fellows=fellows)
    yield from fellows.values()


def _lacks(one: Subject, name: str, having: Mapping[SubjectName, Set[str]]) -> bool:
    """Whether nobody has a figure that an indicator of a subject takes."""
    return any(port.lacks for port in metrics_of(_settled(one.ports[name], having)).values())


def _settled(
    ports: Mapping[Port[Any], BoundPort], having: Mapping[SubjectName, Set[str]]
) -> Mapping[Port[Any], BoundPort]:
    """Return ports of which those that give figures know who has them."""
    return {**ports, **{port: bound.among(having) for port, bound in metrics_of(ports).items()}}


def _alone(
    catalogue: Catalogue,
    city: City,
    ids: Mapping[SubjectName, SubjectId],
    beside: _Beside,
) -> Iterator[Subject]:
    """Yield the city, each of its sites and each of its groups, each with what it has by itself."""
    topology = Topology(city)
    series = {device.name: catalogue.devices[city.name, device.address].series for device in city.devices}
    for site, devices in _devices(city).items():
        scope = PortScope(city, site, topology, tuple(devices), series, *beside[:2], fitted=beside.fitted)
        yield _subject(scope, ids[SubjectName(city.name, site)])
    for group in city.groups:
        whole = Membership(city, group)
        scope = PortScope(city, None, topology, whole.devices, series, *beside[:2], whole, beside.fitted)
        yield _subject(scope, ids[SubjectName(city.name, group=group.name)])


def _subject(scope: PortScope, ids: SubjectId) -> Subject:
    """Return the city, site or group that a scope is of."""
    is_city = scope.site is None and scope.membership is None
    found = {one.name: scope.own_meters(one) for one in INDICATORS.values() if is_city or one.of_sites}
    counting = {name: counts for name, counts in found.items() if _reports(counts, INDICATORS[name])}
    ports = _bound(scope, counting)
    able = {name: counts for name, counts in counting.items() if not any(p.lacks for p in ports[name].values())}
    read = {name: ports[name] for name in able}
    city_id, site_id = ids
    sites = scope.city.sites if scope.site is None else (scope.topology.sites[scope.site],)
    return Subject(scope.city, city_id, scope.site, site_id, able, read, sites, scope.membership, _joined(scope))


def _bound(scope: PortScope, counting: Mapping[str, MeterSet]) -> dict[str, dict[Port[Any], BoundPort]]:
    """Return the ports of each indicator; those that declare the same port, of the same meters, share it."""
    known: dict[tuple[Port[Any], int], BoundPort] = {}
    found: dict[str, dict[Port[Any], BoundPort]] = {}
    for name, own in counting.items():
        indicator = INDICATORS[name]
        within = replace(scope, own=own, carriers=indicator.carriers)
        for port in indicator.ports:
            key = port, id(own) if port.OF_OWN else 0
            if key not in known:
                known[key] = port.bind(within if port.OF_OWN else scope)
        found[name] = {port: known[port, id(own) if port.OF_OWN else 0] for port in indicator.ports}
    return found


def _joined(scope: PortScope) -> dict[int, int]:
    """Return when the device of each series joined a group."""
    if (group := scope.membership) is None:
        return {}
    return {
        series.series_id: group.spans(device)[0][0]
        for device in scope.devices
        for series in scope.series[device.name].values()
    }


def _devices(city: City) -> dict[str | None, list[Device]]:
    """Return the devices of the city (None) and of each of its sites."""
    found: dict[str | None, list[Device]] = {None: list(city.devices), **{site.name: [] for site in city.sites}}
    for device in city.devices:
        found[device.site].append(device)
    return found


def _reports(counts: MeterSet, indicator: Indicator[Any]) -> bool:
    """Whether a meter reports all that a selection reads; meters that cannot be told apart are shown as refused.

    An indicator of ports alone has no meters of its own.
    """
    if not indicator.own:
        return True
    complete = {frozenset(selection.quantities) for selection in indicator.own}
    return bool(counts.refusals) or any(frozenset(meter.series) in complete for meter in counts.entries)
