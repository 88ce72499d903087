"""Meters that a window knows nothing of: registered and not read yet, or read before and missing now.

The first neither count nor take a figure away, and are named. For the others stands what their rule says
(ingest.model.city.missing), from the last 28 days before they fell silent; they can have counted from nothing to the
greatest rate of that time. What is asked of the database does not depend on the number of figures. A window says on
which hours before it that rests, so that a change of them is known to change it.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from math import fsum
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period, ceil, floor
from ingest.model.city.missing import Missing
from ingest.model.sentences import Sentence
from ingest.model.spans import Span
from ingest.model.time import DAY
from kpi_engine.ports.port import Port
from kpi_engine.window import Meter, Window
from kpi_engine.windows.before_silence import Asked, BeforeSilence
from kpi_engine.windows.meter_columns import ColumnMeters
from kpi_engine.windows.parts import ManyParts, Part, parts
from kpi_engine.windows.plan import ComputingPlan
from processors.steps.bounds import Count, rate_of
from processors.storage.database import Connection

BEFORE: Final = 28 * DAY  # weeks are whole, and the season is about the same
EXCLUDED_AT_MOST: Final = 0.05  # of the subject's amount

Read = Mapping[Asked, Span]  # by series and instant: from when to when it was read before that
Of = tuple[str, str | None]  # a meter and its role
Days = tuple[tuple[int, ...], Span]  # of which meters, by identity while they live, and which days
UNREAD: Final = Sentence("registered and not read yet: {names}")
EXCLUDED: Final = Sentence("left out, since they were not read: {names}")


@dataclass(frozen=True)
class _Past:
    """What each meter counted in the days before."""

    meters: Sequence[Meter] = ()
    _known: dict[str, Mapping[Of, float]] = field(default_factory=dict)

    @cached_property
    def _places(self) -> Mapping[Of, int]:
        """Where each meter stands; of one that stands there twice, the last time."""
        if isinstance(self.meters, ColumnMeters):
            return {(one.name, one.role): at for at, one in enumerate(self.meters.parts.table.entries)}
        return {(one.name, one.role): at for at, one in enumerate(self.meters)}

    def rate(self, one: Of, quantity: str) -> float | None:
        """Return the most that a meter counts in an hour; None where that is not known."""
        place = self._places.get(one)
        amount = None if place is None else self.meters[place].amounts.get(quantity)
        return None if amount is None else rate_of(amount.rollup, amount.count)

    def whole(self, quantity: str) -> Mapping[Of, float]:
        """Return what is known from edge to edge."""
        if quantity not in self._known:
            self._known[quantity] = _whole(self.meters, quantity)
        return self._known[quantity]


@dataclass(frozen=True)
class _Fleet:
    """The meters that are summed: of a window, or of a part of one of its ports."""

    plan: ComputingPlan
    parts: Sequence[Part]
    meters: Sequence[Meter]

    @cached_property
    def silent(self) -> dict[int, tuple[Part, Meter]]:
        """The meters of which nothing is known, by their place."""
        if isinstance(self.meters, ColumnMeters):
            return {place: (self.parts[place], self.meters[place]) for place in self.meters.silent()}
        return {
            place: (part, meter)
            for place, (part, meter) in enumerate(zip(self.parts, self.meters, strict=True))
            if _is_silent(meter)
        }

    @cached_property
    def asked(self) -> list[Asked]:
        """The series of silent meters, and from when on nothing is known of them."""
        return [
            (series.series_id, part.start) for part, _ in self.silent.values() for series in part.meter.series.values()
        ]

    @property
    def zone(self) -> str:
        """The zone of its civil time."""
        return self.plan.request.subject.zone

    @cached_property
    def meter_ids(self) -> tuple[int, ...]:
        """What tells apart sets of meters, while they live."""
        if isinstance(self.parts, ManyParts):
            return (id(self.parts.table),)
        return tuple(id(part.meter) for part in self.parts)

    def cut(self, start: int, end: int) -> Sequence[Part]:
        """Return the same meters in other days."""
        zone = self.plan.request.subject.zone
        if isinstance(self.parts, ManyParts):
            return ManyParts(self.parts.table, start, end, zone)
        return parts([part.meter for part in self.parts], start, end, zone)

    def known(self, read: Read) -> Span | None:
        """Return of which time all missing meters are known before, 28 days of it at most; None where none was read.

        It ends before it begins where they were never read at the same time.
        """
        found = [read[one] for one in self.asked if one in read]
        if not found:
            return None
        end = floor(min(last for _, last in found), Period.HOUR, self.zone)
        return max(end - BEFORE, *(first for first, _ in found)), end

    def days_before(self, read: Read) -> Span | None:
        """Return the last 28 days known of all missing meters, or as many as there are; None where none is needed."""
        if (known := self.known(read)) is None:
            return None
        start, end = ceil(known[0], Period.HOUR, self.zone), known[1]
        return (start, end) if start < end else None

    def rests_from(self, read: Read) -> int | None:
        """Return from when on it matters what was read before; None where nothing was, or nothing is needed."""
        known = self.known(read)
        return None if known is None else min(floor(known[0], Period.HOUR, self.zone), known[1])

    def rests_on_first(self, read: Read) -> bool:
        """Whether it matters that more is read before: where less than 28 days are known, or a meter never was."""
        if not self.asked:
            return False
        known = self.known(read)
        return known is None or known[1] - known[0] < BEFORE or any(one not in read for one in self.asked)


@dataclass(frozen=True)
class _Shares:
    """What meters counted of one quantity, now and in the days before, where it is known from edge to edge."""

    now: Mapping[Of, float]
    before: Mapping[Of, float]

    @classmethod
    def of(cls, meters: Sequence[Meter], past: _Past, quantity: str) -> "_Shares":
        """Return the shares of ``quantity``."""
        return cls(_whole(meters, quantity), past.whole(quantity))

    @cached_property
    def counted(self) -> float:
        """All that is known of now."""
        return fsum(self.now.values())

    @cached_property
    def others(self) -> tuple[float, float]:
        """What those counted that are known of both times: before, and now."""
        both = self.now.keys() & self.before.keys()
        return fsum(self.before[one] for one in both), fsum(self.now[one] for one in both)

    def share(self, one: Of) -> float | None:
        """Return what stands for a meter, by its share of what the others counted before; None without that."""
        before, now = self.others
        return self.before[one] / before * now if one in self.before and before > 0.0 else None


def complete_fleets(
    connection: Connection,
    plans: Sequence[ComputingPlan],
    windows: Sequence[Window],
    meters: Sequence[Sequence[Sequence[Meter]]],
    known: BeforeSilence,
) -> list[Window]:
    """Return ``windows`` with what stands for meters of which they know nothing; ``meters``: those of each part."""
    known_silent: dict[int, bool] = {}
    fleets = [
        [_Fleet(plan, *one) for one in zip(plan.every, counted, strict=True)]
        if any(_has_silent(one, known_silent) for one in counted)
        else ()
        for plan, counted in zip(plans, meters, strict=True)
    ]
    read = known.read(connection, (one for every in fleets for fleet in every for one in fleet.asked))
    cut: dict[Days, Sequence[Part]] = {}  # of one subject: mostly the same meters, the same days
    days: dict[int, Days] = {}
    for fleet in (fleet for every in fleets for fleet in every):
        if span := fleet.days_before(read):
            days[id(fleet)] = one = fleet.meter_ids, span
            if one not in cut:
                cut[one] = fleet.cut(*span)
    past = {one: _Past(meters) for one, meters in known.meters(connection, cut).items()}
    before = {fleet: past[one] for fleet, one in days.items()}
    return [
        _window(window, every, read, before) if every else window for window, every in zip(windows, fleets, strict=True)
    ]


def _has_silent(meters: Sequence[Meter], known: dict[int, bool]) -> bool:
    """Whether nothing is known of one of the meters; what is ``known`` by identity is taken, and added to."""
    if isinstance(meters, ColumnMeters):
        return bool(meters.silent())
    if id(meters) not in known:
        known[id(meters)] = any(map(_is_silent, meters))
    return known[id(meters)]


def _is_silent(meter: Meter) -> bool:
    return bool(meter.amounts) and all(amount.rollup.covered_from is None for amount in meter.amounts.values())


def _window(window: Window, fleets: Sequence[_Fleet], read: Read, past: Mapping[int, _Past]) -> Window:
    completed = iter([_completed(fleet, read, past.get(id(fleet), _Past())) for fleet in fleets])
    whole, notes = next(completed)
    ports: dict[Port[Any], Any] = {}
    for one in fleets[0].plan.ports:
        found = list(islice(completed, len(one.cuts)))
        ports[one.port] = one.bound.made(one.cuts, [meters for meters, _ in found])
        notes += [note for _, notes in found if one.bound.IS_TOLD for note in notes]
    needed = [days for fleet in fleets if (days := fleet.days_before(read))]
    rests = [start for fleet in fleets if (start := fleet.rests_from(read)) is not None]
    return replace(
        window,
        meters=whole,
        notes=tuple(dict.fromkeys(notes)),
        ports={**window.ports, **ports},
        days_before=(min(needed)[0], max(end for _, end in needed)) if needed else None,
        rests_from=min(rests, default=None),
        rests_on_first=any(fleet.rests_on_first(read) for fleet in fleets),
    )


def _completed(fleet: _Fleet, read: Read, past: _Past) -> tuple[Sequence[Meter], list[str]]:
    """Return the meters that count with what stands for the missing ones, and what is to be said of the others."""
    quantities = {quantity for _, meter in fleet.silent.values() for quantity in meter.amounts}
    shares = {quantity: _Shares.of(fleet.meters, past, quantity) for quantity in quantities}
    stood_for: dict[int, Meter] = {}
    unread: dict[int, str] = {}
    excluded: dict[int, str] = {}
    for place, (part, meter) in fleet.silent.items():
        if not any((series.series_id, part.start) in read for series in part.meter.series.values()):
            unread[place] = meter.name
        elif part.meter.missing is Missing.EXCLUDE and _is_small(meter, shares):
            excluded[place] = meter.name
        else:
            stood_for[place] = _stood_for(meter, part.meter.missing, past, shares)
    notes = [UNREAD.of(names=", ".join(sorted(set(unread.values()))))] if unread else []
    if excluded:
        notes.append(EXCLUDED.of(names=", ".join(sorted(set(excluded.values())))))
    return _with(fleet.meters, stood_for, unread.keys() | excluded.keys()), notes


def _with(meters: Sequence[Meter], stood_for: Mapping[int, Meter], left_out: Set[int]) -> Sequence[Meter]:
    """Return ``meters`` with others in the place of some, and without some."""
    if isinstance(meters, ColumnMeters):
        return meters.take(np.delete(np.arange(len(meters)), list(left_out)), stood_for)
    return tuple(stood_for.get(place, meter) for place, meter in enumerate(meters) if place not in left_out)


def _stood_for(meter: Meter, rule: Missing, past: _Past, shares: Mapping[str, _Shares]) -> Meter:
    """Return a missing meter with what it can have counted, and what its rule makes of that."""
    one = meter.name, meter.role
    filled = {}
    for quantity, amount in meter.amounts.items():
        count = Count(past.rate(one, quantity), amount.count.is_net)
        shared = shares[quantity].share(one) if rule is Missing.SHARE else None
        filled[quantity] = replace(amount, count=count, shared=shared)
    return replace(meter, amounts=filled)


def _is_small(meter: Meter, shares: Mapping[str, _Shares]) -> bool:
    """Whether a meter is worth so little of all amounts that a figure can do without it."""
    for quantity in meter.amounts:
        share = shares[quantity].share((meter.name, meter.role))
        if share is None or share > EXCLUDED_AT_MOST * (shares[quantity].counted + share):
            return False
    return True


def _whole(meters: Sequence[Meter], quantity: str) -> dict[Of, float]:
    """Return what is known from edge to edge, by meter."""
    if isinstance(meters, ColumnMeters):
        return meters.whole(quantity)
    amounts = (((meter.name, meter.role), meter.amounts.get(quantity)) for meter in meters)
    return {
        one: amount.rollup.total
        for one, amount in amounts
        if amount is not None and amount.rollup.is_bounded and amount.rollup.total is not None
    }
