"""Meters that a window knows nothing of: registered and not read yet, or read before and missing now.

The first neither count nor take a figure away, and are named. For the others stands what their rule says
(ingest.model.missing), from the last 28 days before they fell silent; they can have counted from nothing to the
greatest rate of that time. What is asked of the database does not depend on the number of figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Final

from ingest.model.calendar import Period, ceil, floor
from ingest.model.missing import Missing
from ingest.model.time import DAY, from_micros
from kpi_engine.meter_amounts import Amounts, meters_of
from kpi_engine.plan import Part, Plan, parts
from kpi_engine.rollups import read_rollups
from kpi_engine.window import Amount, Meter, Window
from processors.steps.bounds import rate_of
from processors.storage.database import Connection, sql

BEFORE: Final = 28 * DAY  # weeks are whole, and the season is about the same
EXCLUDED_AT_MOST: Final = 0.05  # of the subject's amount

Read = Mapping[tuple[int, int], tuple[int, int]]  # by series and instant: from when to when it was read before that
Known = Mapping[str, Amount]  # by quantity
Past = Mapping[tuple[str, str | None], Known]  # by meter and role


@dataclass(frozen=True)
class _Fleet:
    """The meters that are summed: of a window, or of one of its stretches."""

    plan: Plan
    parts: tuple[Part, ...]
    meters: tuple[Meter, ...]

    def silent(self) -> Iterator[tuple[Part, Meter]]:
        """Yield the meters of which nothing is known."""
        for part, meter in zip(self.parts, self.meters, strict=True):
            if meter.amounts and all(amount.rollup.covered_from is None for amount in meter.amounts.values()):
                yield part, meter


def complete_fleets(connection: Connection, plans: Sequence[Plan], windows: Sequence[Window]) -> list[Window]:
    """Return ``windows`` with what stands for meters of which they know nothing."""
    fleets = [list(_fleets(plan, window)) for plan, window in zip(plans, windows, strict=True)]
    asked = {
        (series.series_id, part.start)
        for every in fleets
        for fleet in every
        for part, meter in fleet.silent()
        for series in part.meter.series.values()
    }
    if not asked:
        return list(windows)
    read = _read(connection, asked)
    spans = {id(fleet): _past_span(fleet, read) for every in fleets for fleet in every}
    past = _past(connection, [(fleet, spans[id(fleet)]) for every in fleets for fleet in every])
    return [_window(window, every, read, past) for window, every in zip(windows, fleets, strict=True)]


def _fleets(plan: Plan, window: Window) -> Iterator[_Fleet]:
    yield _Fleet(plan, plan.whole, window.meters)
    for (_, cut), stretch in zip(plan.stretches, window.stretches, strict=True):
        yield _Fleet(plan, cut, stretch.meters)


def _read(connection: Connection, asked: set[tuple[int, int]]) -> Read:
    ordered = sorted(asked)
    parameters = {"series": [one for one, _ in ordered], "ends": [from_micros(end) for _, end in ordered]}
    rows = connection.execute(sql("kpi_engine", "read_before"), parameters).fetchall()
    return {(series, end): (first, last) for series, end, first, last in rows}


def _is_commissioned(part: Part, read: Read) -> bool:
    return any((series.series_id, part.start) in read for series in part.meter.series.values())


def _past_span(fleet: _Fleet, read: Read) -> tuple[int, int] | None:
    """Return the last 28 days known of all missing meters, or as many as there are; None where none is needed."""
    found = [
        read[series.series_id, part.start]
        for part, _ in fleet.silent()
        for series in part.meter.series.values()
        if (series.series_id, part.start) in read
    ]
    if not found:
        return None
    zone = fleet.plan.request.subject.zone
    end = floor(min(last for _, last in found), Period.HOUR, zone)
    start = ceil(max(end - BEFORE, *(first for first, _ in found)), Period.HOUR, zone)
    return (start, end) if start < end else None


def _past(connection: Connection, wanted: Sequence[tuple[_Fleet, tuple[int, int] | None]]) -> dict[int, Past]:
    """Return what the meters of each fleet counted in its span, by the fleet's id."""
    cut = {
        id(fleet): parts(fleet.plan.request, [part.meter for part in fleet.parts], *span)
        for fleet, span in wanted
        if span
    }
    alike = {_same(every): every for every in cut.values()}  # of one subject: mostly the same meters, the same span
    keys = {
        (series.series_id, tile)
        for every in alike.values()
        for part in every
        for series in part.meter.series.values()
        for tile in part.tiles
    }
    rollups, known = read_rollups(connection, keys), Amounts()
    past = {
        same: {(meter.name, meter.role): meter.amounts for meter in meters_of(every, rollups, known)}
        for same, every in alike.items()
    }
    return {fleet: past[_same(every)] for fleet, every in cut.items()}


def _same(cut: Sequence[Part]) -> tuple[tuple[int, int, int], ...]:
    """Return what tells apart parts of different meters or spans, while all of them live."""
    return tuple((id(part.meter), part.start, part.end) for part in cut)


def _window(window: Window, fleets: Sequence[_Fleet], read: Read, past: Mapping[int, Past]) -> Window:
    whole, *stretches = (_completed(fleet, read, past.get(id(fleet), {})) for fleet in fleets)
    return replace(
        window,
        meters=whole[0],
        stretches=tuple(
            replace(stretch, meters=one[0]) for stretch, one in zip(window.stretches, stretches, strict=True)
        ),
        notes=tuple(whole[1]),
    )


def _completed(fleet: _Fleet, read: Read, past: Past) -> tuple[tuple[Meter, ...], list[str]]:
    """Return the meters that count with what stands for the missing ones, and what is to be said of the others."""
    silent = {id(meter): part for part, meter in fleet.silent()}
    found: list[Meter] = []
    unread: list[str] = []
    excluded: list[str] = []
    for meter in fleet.meters:
        part = silent.get(id(meter))
        if part is None:
            found.append(meter)
        elif not _is_commissioned(part, read):
            unread.append(meter.name)
        elif part.meter.missing is Missing.EXCLUDE and _is_small(meter, fleet, past):
            excluded.append(meter.name)
        else:
            found.append(_stood_for(meter, part.meter.missing, fleet, past))
    notes = [f"registered and not read yet: {', '.join(sorted(set(unread)))}"] if unread else []
    if excluded:
        notes.append(f"left out, since they were not read: {', '.join(sorted(set(excluded)))}")
    return tuple(found), notes


def _stood_for(meter: Meter, rule: Missing, fleet: _Fleet, past: Past) -> Meter:
    """Return a missing meter with what it can have counted, and what its rule makes of that."""
    filled = {}
    for quantity, amount in meter.amounts.items():
        before = past.get((meter.name, meter.role), {}).get(quantity)
        rate = None if before is None else rate_of(before.rollup, before.count)
        shared = _share(meter, quantity, fleet, past) if rule is Missing.SHARE else None
        filled[quantity] = replace(amount, count=replace(amount.count, rate=rate), shared=shared)
    return replace(meter, amounts=filled)


def _is_small(meter: Meter, fleet: _Fleet, past: Past) -> bool:
    """Whether a meter is worth so little of all amounts that a figure can do without it."""
    for quantity in meter.amounts:
        share = _share(meter, quantity, fleet, past)
        if share is None or share > EXCLUDED_AT_MOST * (_sum(_whole(fleet, quantity).values()) + share):
            return False
    return True


def _share(meter: Meter, quantity: str, fleet: _Fleet, past: Past) -> float | None:
    """Return a meter's share of what the others counted before, times what they counted now; None without others."""
    mine = past.get((meter.name, meter.role), {}).get(quantity)
    now = _whole(fleet, quantity)
    before = {key: amounts[quantity] for key, amounts in past.items() if quantity in amounts}
    others = [key for key in now if key in before and before[key].rollup.is_bounded]
    if mine is None or mine.rollup.total is None or not mine.rollup.is_bounded:
        return None
    whole = _sum(before[key] for key in others)
    return mine.rollup.total / whole * _sum(now[key] for key in others) if whole > 0.0 else None


def _whole(fleet: _Fleet, quantity: str) -> dict[tuple[str, str | None], Amount]:
    """Return the amounts of a quantity that are known from edge to edge."""
    return {
        (meter.name, meter.role): meter.amounts[quantity]
        for meter in fleet.meters
        if quantity in meter.amounts and meter.amounts[quantity].rollup.is_bounded
    }


def _sum(amounts: Iterable[Amount]) -> float:
    return fsum(amount.rollup.total or 0.0 for amount in amounts)
