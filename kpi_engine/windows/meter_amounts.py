"""The meters of a part of a window with their amounts, put together from stored rollups."""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import Protocol

from ingest.model.catalogue import Series
from ingest.model.reading import ReadingKind
from ingest.model.registers import Decrease, RegisterContract, Scope, Swap
from ingest.model.succession import Succession
from ingest.model.time import SECOND, to_micros
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.window import Amount, Meter
from kpi_engine.windows.parts import Part
from processors.steps.bounds import ROUNDING, Count
from processors.steps.rollup import Rollup, combine

Amounts = dict[tuple[int, int, int], Amount]  # by series and [start, end): many figures read the same ones


class Stored(Protocol):
    """What is stored by series and bucket."""

    def get(self, key: tuple[int, Tile], /) -> Rollup | None:
        """Return a rollup; None where there is none."""


def meters_of(parts: Sequence[Part], rollups: Stored, known: Amounts) -> tuple[Meter, ...]:
    """Return the meters of ``parts``, in their order; what is ``known`` is taken from there, and added to it."""
    return tuple(meter_of(part, rollups, known) for part in parts)


def meter_of(part: Part, rollups: Stored, known: Amounts) -> Meter:
    """Return the meter of one part."""
    return Meter(
        part.meter.name,
        {name: amount_of(part, series, rollups, known) for name, series in part.meter.series.items()},
        part.meter.carrier,
        part.meter.role,
        {name: amount_of(part, series, rollups, known) for name, series in part.meter.beside.items()},
    )


def amount_of(part: Part, series: Series, rollups: Stored, known: Amounts) -> Amount:
    """Return the amount of one series of a meter."""
    key = (series.series_id, part.start, part.end)
    if key not in known:
        stored = (rollups.get((series.series_id, tile)) for tile in part.tiles)
        parts = [rollup for rollup in stored if rollup is not None]
        whole = combine(parts, part.start, part.end)
        count = Count.of(series.contracts, part.start, part.end)
        least = shown(whole, series.kind, series.contracts, series.swaps)
        known[key] = Amount(whole, series.kind, count, hole(parts), least)
    return known[key]


def shown(
    rollup: Rollup, kind: ReadingKind, declared: Succession[RegisterContract], swaps: Sequence[Swap]
) -> float | None:
    """Return what a register showed when it was first read in ``rollup``; None where it may have begun anew before.

    That is its least reading, as long as it never fell: its readings then span no more than it counted.
    """
    contracts = declared.between(rollup.bucket, rollup.bucket_end)
    is_replaced = any(rollup.bucket < to_micros(swap.at) <= rollup.bucket_end for swap in swaps)
    is_lifetime = all(one.scope is Scope.LIFETIME and one.decrease is Decrease.DECIDE for one in contracts)
    if kind is not ReadingKind.REGISTER or is_replaced or not is_lifetime or rollup.doubt_above is not None:
        return None
    if rollup.minimum is None or rollup.maximum is None or rollup.total is None:
        return None
    span = rollup.maximum - rollup.minimum
    return max(rollup.minimum, 0.0) if span <= rollup.total + ROUNDING * abs(rollup.maximum) else None


def hole(parts: Sequence[Rollup]) -> float:
    """Return the seconds between ``parts``, in order of time, of which nothing is known."""
    known = [(part.covered_from, part.covered_to) for part in parts if part.covered_from is not None]
    gaps = ((after - before) / SECOND for (_, before), (after, _) in pairwise(known) if before is not None and after)
    return fsum(gap for gap in gaps if gap > 0.0)
