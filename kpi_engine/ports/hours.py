"""Hours side by side: what groups of meters counted, and what gauges showed, hour by hour, each with its bounds.

What depends on what happens at the same time (self-consumption, peaks, simultaneity, renewable charging) reads this.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.catalogue import Series
from ingest.model.observation import FloatColumn
from ingest.model.reading import ReadingKind
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.indicator import Needs, Selection
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.stored_keys import HourGroup, HoursKey, Member
from processors.steps.bounds import Count

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope

RULES: Final = "1"  # changes whenever the same rollups may give other hours
MADE: Final = (ReadingKind.SESSION,)  # kinds of series whose amounts stand where a session began
ROWS: Final = 3  # of a day: values, lower and upper bounds


@dataclass(frozen=True)
class MeterGroup:
    """Meters whose hours of the only quantity of ``selection`` are added up; ``nested``: submeters drop out.

    ``of_city``: those of the whole city, also for a site of it, as what the grid tells.
    """

    name: str
    selection: Selection
    nested: bool = True
    is_needed: bool = True
    of_city: bool = False


@dataclass(frozen=True)
class HourColumn:
    """One group by the hour: ``value``, NaN where not known, between ``lower`` and ``upper``, which may be infinite."""

    value: FloatColumn
    lower: FloatColumn
    upper: FloatColumn


@dataclass(frozen=True)
class HourTable:
    """The hours of a window that begin at ``edges[:-1]``, by name of the group.

    ``members``: who is in each; ``nets``: groups of which a meter counts backwards as well; ``records``: groups of
    which a meter is made of records of sessions, whose hours are no measurement. ``inputs``: what was made of a group
    before as an input of figures: many read it.
    """

    edges: Instants
    zone: str
    columns: Mapping[str, HourColumn] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nets: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    inputs: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True)
class MatchedHours(Port[HourTable]):
    """The hours of ``groups`` side by side."""

    groups: tuple[MeterGroup, ...]

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the meters of every group."""
        return tuple(one.selection for one in self.groups)

    def bind(self, scope: "PortScope") -> "BoundHours":
        """Return the groups of a subject."""
        found = {one.name: self._counted(one, scope) for one in self.groups}
        return BoundHours(
            {one.name: _group(one, found[one.name], scope.zone) for one in self.groups if found[one.name].entries},
            found,
            scope.zone,
            any(one.is_needed and not found[one.name].entries for one in self.groups),
            frozenset(one.name for one in self.groups if one.of_city),
        )

    @staticmethod
    def _counted(one: MeterGroup, scope: "PortScope") -> MeterSet:
        needs = Needs((one.selection,), nested=one.nested)
        if not one.of_city:
            return scope.counted(needs)
        known: dict[Hashable, MeterSet] = scope.topology.shared
        if needs not in known:
            known[needs] = counted_meters(scope.topology, scope.city.devices, scope.series, needs)
        return known[needs]


@dataclass(frozen=True)
class BoundHours(Reads[HourTable]):
    """The groups of a subject: whose hours are added up in each."""

    groups: Mapping[str, HourGroup]
    counted: Mapping[str, MeterSet]
    zone: str
    lacks_one: bool
    of_city: frozenset[str] = frozenset()

    @property
    def lacks(self) -> bool:
        """Whether a group that is needed has no meters."""
        return self.lacks_one

    @property
    def series(self) -> frozenset[int]:
        """Every series that is read."""
        return frozenset(one.series_id for group in self.groups.values() for one in group.members)

    @property
    def borrowed(self) -> frozenset[int]:
        """The series of groups of the whole city."""
        return frozenset(
            one.series_id for name in self.of_city & self.groups.keys() for one in self.groups[name].members
        )

    @property
    def day_groups(self) -> tuple[HourGroup, ...]:
        """The groups, whose days may be kept."""
        return tuple(self.groups.values())

    def refused(self, start: int, end: int) -> str | None:
        """Return why meters of a group cannot be added up in [start, end)."""
        found = (one.refused(start, end) for one in self.counted.values())
        return next((why for why in found if why), None)

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield each group with its members."""
        yield from ((f"city file: meters of {name}", group.digest) for name, group in self.groups.items())
        yield from (
            (f"city file: meters of {name}", one.refusals) for name, one in self.counted.items() if one.refusals
        )

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the hours of each group."""
        return [HoursKey(group, start, end) for group in self.groups.values()]

    def given(self, start: int, end: int, found: Found) -> HourTable:
        """Return the hours of every group."""
        columns = {name: HourColumn(*found[HoursKey(group, start, end)]) for name, group in self.groups.items()}
        edges = hour_edges(start, end, self.zone)
        return HourTable(edges, self.zone, columns, *self._named)

    @cached_property
    def _named(self) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str], frozenset[str]]:
        """Who is in each group, and which groups count backwards or are made of records of sessions."""
        members = {
            name: tuple(dict.fromkeys(sorted(one.name for one in counted.entries)))
            for name, counted in self.counted.items()
        }
        nets = {name for name, group in self.groups.items() if any(one.is_net for one in group.members)}
        records = {name for name, group in self.groups.items() if any(one.kind in MADE for one in group.members)}
        return members, frozenset(nets), frozenset(records)


@lru_cache(maxsize=256)
def day_spans(start: int, end: int, zone: str) -> tuple[tuple[int, int], ...]:
    """Return the civil days of [start, end), the first and the last one clipped to it; found once for all subjects."""
    return tuple(pairwise(day_edges(start, end, zone).tolist()))


def day_edges(start: int, end: int, zone: str) -> Instants:
    """Return the edges of the civil days of [start, end), the first and the last one clipped to it."""
    return _edges(start, end, Period.DAY, zone)


def hour_edges(start: int, end: int, zone: str) -> Instants:
    """Return the edges of the civil hours of [start, end)."""
    return _edges(start, end, Period.HOUR, zone)


@lru_cache(maxsize=256)
def _edges(start: int, end: int, period: Period, zone: str) -> Instants:
    edges = covering(start, end, period, zone)
    first, last = np.searchsorted(edges, start, side="right"), np.searchsorted(edges, end)
    found = np.concatenate([[start], edges[first:last], [end]]).astype(np.int64)
    found.flags.writeable = False  # all windows of the same time have them
    return found


def _group(one: MeterGroup, counted: MeterSet, zone: str) -> HourGroup:
    (quantity,) = one.selection.quantities
    entries = sorted(counted.entries, key=lambda entry: (entry.name, entry.valid_from))
    return group_of(
        tuple(_member(entry.series[quantity], entry.valid_from, entry.valid_to) for entry in entries if entry.series),
        zone,
    )


def group_of(members: tuple[Member, ...], zone: str) -> HourGroup:
    """Return the group of some series, named by all that decides its hours but readings."""
    is_gauge = any(one.kind is ReadingKind.GAUGE for one in members)
    digest = sha256(repr((RULES, zone, members)).encode()).hexdigest()[:24]
    return HourGroup(digest, members, zone, is_gauge)


def _member(series: Series, start: int, end: int) -> Member:
    count = Count.of(series.contracts, start, end) if series.kind is ReadingKind.REGISTER else Count()
    rate = inf if count.rate is None else count.rate
    return Member(series.series_id, start, end, rate, series.kind, count.is_net)
