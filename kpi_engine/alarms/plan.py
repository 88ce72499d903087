"""Who is watched by which rule and by which limits: the city files of a day as columns, and how they are looked at.

One row per device in the plan, one per device in each rule's group. Durations are microseconds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from math import ceil
from typing import Final

import numpy as np

from ingest.model.alarm import Falling, Imbalance, Light, Limit, Rule, SharedBy, Silence, Widespread
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.catalogue import Catalogue, DeviceEntry, Series
from ingest.model.city.assets import AlarmLimits, City, Device
from ingest.model.freshness import GRACE, SILENT_INTERVALS, live_bound
from ingest.model.reading import ReadingKind
from ingest.model.registers import Decrease, Scope
from ingest.model.time import HOUR, MICROSECOND, MINUTE
from kpi_engine.alarms.hysteresis import AlarmThresholds
from kpi_engine.alarms.listening import NOTHING, Listening, Peers
from kpi_engine.alarms.measures import ALSO_READ, LiveReadings, Snapshot
from kpi_engine.residuals.declared import residuals
from processors.steps.columns import ABSENT, Floats, Ints

PATIENCE: Final = 15 * MINUTE
"""A pause in evidence that breaks no stretch, such as a restart; a device that reports seldom has more."""
REACH_INTERVALS: Final = SILENT_INTERVALS + 2
ON_TIME: Final = 2 * HOUR
"""So long after its end an hour's residual counts, and so long is waited for the next one: what comes later is late."""
_READ: Final = frozenset({ReadingKind.GAUGE, ReadingKind.REGISTER, ReadingKind.INTERVAL, ReadingKind.STATE})
NOWHERE: Final = -1


@dataclass(frozen=True)
class Watched:
    """One device, the rules that watch it with the limits they have there, and where it stands (NaN: unknown).

    ``balances``: the residual series that are listed with it. ``shared``: what it shares with others, and ``places``
    what people call that.
    """

    entry: DeviceEntry
    series: Mapping[str, int]
    balances: frozenset[str]
    rules: Sequence[Rule]
    latitude: float
    longitude: float
    shared: Mapping[SharedBy, str]
    places: Mapping[SharedBy, str]


@dataclass(frozen=True)
class Group:
    """The devices that a rule watches, by ``device_id``; ``row`` and ``series`` (NOWHERE: none) are the plan's.

    ``place``: what the devices that each stands for share; empty where it stands for itself.
    """

    rule: Rule
    device_id: Ints
    row: Ints
    limits: AlarmThresholds
    series: Mapping[str, Ints]
    latitude: Floats
    longitude: Floats
    place: tuple[str, ...] = ()


@dataclass(frozen=True)
class Newest:
    """The newest reading of each series of a plan that arrived while it was live, not older than its reach.

    ``residual``: of each of its balances the newest hour on time, by its end, in percent; None where none is known.
    """

    time: Ints
    value: Floats
    residual: LiveReadings | None = None


@dataclass(frozen=True)
class AlarmPlan:
    """Devices: ids, intervals, up to which age they are live, how far back they are looked for; their series; groups.

    ``device_of``: the row of the device of each series. ``balances``: device_id and quantity of residual series.
    """

    device_id: Ints
    interval: Ints
    bound: Ints
    reach: Ints
    series_id: Ints
    device_of: Ints
    groups: tuple[Group, ...]
    peers: Peers
    balances: tuple[tuple[int, str], ...] = ()

    def last_seen(self, newest: Newest) -> Ints:
        """Return when each device was last heard on time; ABSENT where it was not within its reach."""
        last_seen = np.full(len(self.interval), ABSENT)
        np.maximum.at(last_seen, self.device_of, newest.time)
        return last_seen

    def sights(self, newest: Newest, now: int, listening: Listening | None = None) -> Iterator[tuple[Group, Snapshot]]:
        """Yield what each group is judged by at ``now``; without ``listening`` every silence counts."""
        last_seen = self.last_seen(newest)
        listening = listening or Listening.begun(len(last_seen))
        widespread = listening.widespread(self.peers)
        is_live = (newest.time != ABSENT) & (now - newest.time <= self.bound[self.device_of])
        nothing = LiveReadings(np.full(len(self.balances), ABSENT), np.full(len(self.balances), np.nan))
        residual = newest.residual or nothing
        # One more row, which is what NOWHERE finds.
        live = LiveReadings(
            np.concatenate([np.where(is_live, newest.time, ABSENT), residual.time, [ABSENT]]),
            np.concatenate([newest.value, residual.value, [np.nan]]),
        )
        for group in self.groups:
            counts = {shared_by: count[group.row] for shared_by, count in widespread.items()}
            yield group, self._snapshot(group, last_seen, live, now, listening.since[group.row], counts)

    def silenced(self, shared_by: SharedBy, row: int, listening: Listening) -> Ints:
        """Return the ids of the devices that are silent for one cause with that of a row, by what they share."""
        number = self.peers.shares[shared_by]
        found: Ints = self.device_id[listening.silenced[shared_by] & (number == number[row])]
        return found

    def _snapshot(  # noqa: PLR0913, PLR0917 - what a look sees
        self,
        group: Group,
        last_seen: Ints,
        live: LiveReadings,
        now: int,
        listening: Ints,
        widespread: Mapping[SharedBy, Ints],
    ) -> Snapshot:
        return Snapshot(
            now,
            self.interval[group.row],
            self.reach[group.row],
            group.limits.patience,
            last_seen[group.row],
            {name: LiveReadings(live.time[index], live.value[index]) for name, index in group.series.items()},
            group.latitude,
            group.longitude,
            listening,
            group.limits.clear_at,
            widespread,
        )


def plan(catalogue: Catalogue, days: Mapping[str, date]) -> AlarmPlan:
    """Return who is watched on the civil day that each city has."""
    listed: dict[tuple[str, str], set[str]] = {}
    for residual in residuals(catalogue):
        listed.setdefault((residual.city, residual.device), set()).add(residual.quantity)
    watched = sorted(
        chain.from_iterable(_watched(catalogue, city, days[city.name], listed) for city in catalogue.cities.values()),
        key=lambda one: one.entry.device_id,
    )
    series = [(series_id, row) for row, one in enumerate(watched) for series_id in one.series.values()]
    balances = [(one.entry.device_id, name) for one in watched for name in sorted(one.balances)]
    places = [*((one.entry.device_id, name) for one in watched for name in one.series), *balances]
    position = {place: index for index, place in enumerate(places)}
    columns = np.array(series, np.int64).reshape(-1, 2).T
    groups = [_group(rule, watched, position) for rule in ALARM_RULES.values()]
    return AlarmPlan(
        device_id=np.array([one.entry.device_id for one in watched], np.int64),
        interval=np.array([one.entry.expected_interval for one in watched], np.int64),
        bound=np.array([live_bound(one.entry.expected_interval) for one in watched], np.int64),
        reach=np.array([_reach(one) for one in watched], np.int64),
        series_id=columns[0],
        device_of=columns[1],
        groups=tuple(group for group in groups if len(group.row)),
        peers=_peers(watched),
        balances=tuple(balances),
    )


def _peers(watched: Sequence[Watched]) -> Peers:
    shares: dict[SharedBy, Ints] = {}
    for shared_by in SharedBy:
        keys = [(one.entry.city, one.shared[shared_by]) if shared_by in one.shared else None for one in watched]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(filter(None, keys)))}
        shares[shared_by] = np.array([numbers[key] if key else NOTHING for key in keys], np.int64)
    return Peers(np.array([one.entry.expected_interval for one in watched], np.int64), shares)


def _watched(
    catalogue: Catalogue, city: City, day: date, balances: Mapping[tuple[str, str], set[str]]
) -> Iterator[Watched]:
    sites = {site.name: site for site in city.sites}
    latitude, longitude = (_fact(city, name, day) for name in ("latitude", "longitude"))
    senders = {one.name: one.gateway or (one.name if one.pull or one.kafka else None) for one in city.bindings}
    led: set[tuple[SharedBy, str]] = set()
    for device in city.devices:
        site = sites[device.site]
        if not (device.holds_on(day) and site.holds_on(day)):
            continue
        entry = catalogue.devices[city.name, device.address]
        series = {name: one.series_id for name, one in entry.series.items() if one.kind in _READ}
        known = frozenset(balances.get((city.name, device.name), ()))
        places = {SharedBy.CITY: city.title, SharedBy.SITE: site.title or site.name}
        shared = {SharedBy.CITY: city.name, SharedBy.SITE: site.name}
        if device.binding and (sender := senders.get(device.binding.name)):
            places[SharedBy.GATEWAY] = shared[SharedBy.GATEWAY] = sender
        applying = _rules(device, [site.alarms, device.alarms], frozenset(series), np.isnan(latitude + longitude))
        rules = tuple(
            rule
            for rule in applying
            if (not isinstance(rule.measure, Imbalance) or rule.measure.balance in known)
            and (not isinstance(rule.measure, Widespread) or _leads(rule.measure, shared, led))
            and (not isinstance(rule.measure, Falling) or _may_fall_unasked(entry.series[rule.measure.quantity]))
        )
        if series and rules:
            measures = [rule.measure for rule in rules]
            led |= {(one.shared_by, shared[one.shared_by]) for one in measures if isinstance(one, Widespread)}
            yield Watched(entry, series, known, rules, latitude, longitude, shared, places)


def _leads(measure: Widespread, shared: Mapping[SharedBy, str], led: Collection[tuple[SharedBy, str]]) -> bool:
    """Whether it is the first of those that share something, with which the alarm of all of them is listed."""
    return measure.shared_by in shared and (measure.shared_by, shared[measure.shared_by]) not in led


def _rules(
    device: Device, declared: Sequence[Mapping[str, AlarmLimits]], reported: frozenset[str], is_nowhere: bool
) -> Iterator[Rule]:
    """Yield the rules that watch a device, those of lamps only where the sun is known, with the limits they have."""
    for rule in ALARM_RULES.values():
        limits = [each[rule.name] for each in declared if rule.name in each]
        unknown = is_nowhere and isinstance(rule.measure, Light)
        if rule.applies_to(device.type, reported) and not unknown and all(one.enabled for one in limits):
            yield reduce(lambda changed, one: one.over(changed), limits, rule)


def _may_fall_unasked(series: Series) -> bool:
    """Whether it is a lifetime register, and nobody declared what its falls mean."""
    contract = series.contract
    is_lifetime = series.kind is ReadingKind.REGISTER and contract.scope is Scope.LIFETIME
    return is_lifetime and contract.decrease is Decrease.DECIDE


def _fact(city: City, name: str, day: date) -> float:
    return next((fact.value for fact in city.facts if fact.name == name and fact.holds_on(day)), np.nan)


def _reach(one: Watched) -> int:
    """Return how far back a device is looked for: further than any threshold of silence."""
    silent = [rule.raised.threshold for rule in one.rules if isinstance(rule.measure, Silence)]
    intervals = max([REACH_INTERVALS, *(ceil(threshold) + 2 for threshold in silent)])
    return intervals * one.entry.expected_interval + GRACE


def _group(rule: Rule, watched: Sequence[Watched], position: Mapping[tuple[int, str], int]) -> Group:
    rows = [(row, one, mine) for row, one in enumerate(watched) for mine in one.rules if mine.name == rule.name]
    members = [one for _, one, _ in rows]
    names = [*rule.measure.quantities, *ALSO_READ.get(type(rule.measure), ())]
    names += [rule.measure.balance] if isinstance(rule.measure, Imbalance) else []
    return Group(
        rule=rule,
        device_id=np.array([one.entry.device_id for one in members], np.int64),
        row=np.array([row for row, *_ in rows], np.int64),
        limits=_limits([mine for *_, mine in rows], [one.entry.expected_interval for one in members]),
        series={
            name: np.array([position.get((one.entry.device_id, name), NOWHERE) for one in members], np.int64)
            for name in names
        },
        latitude=np.array([one.latitude for one in members]),
        longitude=np.array([one.longitude for one in members]),
        place=tuple(_place(rule, one) for one in members),
    )


def _place(rule: Rule, watched: Watched) -> str:
    return watched.places[rule.measure.shared_by] if isinstance(rule.measure, Widespread) else ""


def _limits(rules: Sequence[Rule], intervals: Sequence[int]) -> AlarmThresholds:
    return AlarmThresholds(
        is_above=np.array([rule.is_above for rule in rules], np.bool_),
        raise_at=np.array([rule.raised.threshold for rule in rules]),
        raise_after=_held([rule.raised for rule in rules], intervals),
        clear_at=np.array([rule.cleared.threshold for rule in rules]),
        clear_after=_held([rule.cleared for rule in rules], intervals),
        patience=np.array([_patience(*each) for each in zip(rules, intervals, strict=True)], np.int64),
    )


def _patience(rule: Rule, interval: int) -> int:
    return ON_TIME if isinstance(rule.measure, Imbalance) else max(live_bound(interval), PATIENCE)


def _held(limits: Sequence[Limit], intervals: Sequence[int]) -> Ints:
    held = zip(limits, intervals, strict=True)
    return np.array([max(one.held // MICROSECOND, one.intervals * interval) for one, interval in held], np.int64)
