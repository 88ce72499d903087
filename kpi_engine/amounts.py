"""Amounts of several meters as inputs of an indicator, and how they add up.

A sum is never partial: one meter without its boundary readings leaves no sum at all. Coverage is sum over sum: the
seconds between boundary readings over the seconds asked for.
"""

from collections.abc import Iterable, Sequence
from math import fsum, isfinite
from typing import Final

from pydantic import Field

from ingest.model.reading import ReadingKind
from ingest.model.time import isoformat
from kpi_engine.indicator import Entry
from kpi_engine.window import Amount, Meter
from processors.steps.rollup import Rollup

_NAMED: Final = 3  # reasons spelt out before the rest is only counted
_SLACK: Final = 1e-6  # seconds; a sum of interval lengths is rounded
LARGEST: Final = 1e18  # no meter counts so much, and a sum of such amounts is still a number
LONGEST: Final = 1e11  # seconds: 3,000 years


class MeterAmount(Entry):
    """What one meter counted: register at the end minus register at the start, in the unit its list is named after.

    ``amount`` is null, and ``missing`` says why, where a boundary reading is missing. ``estimated``: the part that
    lies in a silence at the rim. ``seconds`` asked for, and ``covered_seconds`` between the first and the last
    boundary reading. Where readings are further apart than the series' max_gap: ``interpolated_seconds`` up to its
    filling, ``estimated_seconds`` beyond it, and ``longest_gap_seconds``, 0 where none is longer than max_gap.
    """

    meter: str
    amount: float | None = Field(ge=-LARGEST, le=LARGEST)
    estimated: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)
    seconds: float = Field(ge=1e-6, le=LONGEST)
    covered_seconds: float = Field(ge=0, le=LONGEST)
    interpolated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    estimated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    longest_gap_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    missing: str | None = None


MeterAmounts = tuple[MeterAmount, ...]


def amounts(meters: Iterable[Meter], quantity: str, start: int, end: int) -> MeterAmounts:
    """Select ``quantity`` of every meter, in the order of their names; a meter that does not report it lacks it."""
    return tuple(
        _amount(meter.name, meter.amounts[quantity])
        if quantity in meter.amounts
        else _undeclared(meter.name, quantity, (end - start) / 1e6)
        for meter in sorted(meters, key=lambda meter: meter.name)
    )


def total(*lists: Sequence[MeterAmount]) -> float | None:
    """Return the exact sum over all meters, None where a single one is missing or there is none."""
    every = [entry.amount for entries in lists for entry in entries]
    known = [amount for amount in every if amount is not None]
    return fsum(known) if every and len(known) == len(every) else None


def coverage(*lists: Sequence[MeterAmount]) -> float:
    """Return covered seconds over seconds asked for; 0 without meters."""
    seconds = fsum(entry.seconds for entries in lists for entry in entries)
    return fsum(entry.covered_seconds for entries in lists for entry in entries) / seconds if seconds else 0.0


def estimated_share(*lists: Sequence[MeterAmount]) -> float | None:
    """Return the estimated part of the sum; None where there is no sum, or nothing was counted."""
    whole, estimated = total(*lists), fsum(entry.estimated for entries in lists for entry in entries)
    if whole is None or (whole == 0.0 and estimated != 0.0):
        return None
    share = estimated / whole if whole else 0.0
    return share if isfinite(share) else None


def reason(*lists: Sequence[MeterAmount]) -> str | None:
    """Say which meters lack what; None where nothing is missing."""
    if not any(lists):
        return "no meter of this kind is registered for this period"
    sentences = dict.fromkeys(
        f"{entry.meter}: {entry.missing or 'no amount is given'}"
        for entries in lists
        for entry in entries
        if entry.amount is None
    )
    named = "; ".join(list(sentences)[:_NAMED])
    rest = len(sentences) - _NAMED
    return f"{named}; and {rest} more" if rest > 0 else named or None


def _amount(meter: str, amount: Amount) -> MeterAmount:
    rollup = amount.rollup
    if amount.kind is ReadingKind.INTERVAL:
        covered, missing = rollup.measured, _missing_hours(rollup, "no interval reading")
    elif amount.kind is ReadingKind.SESSION:
        covered, missing = rollup.measured, _missing_hours(rollup, "not every session is known")
    else:
        covered, missing = rollup.span_coverage * rollup.seconds, _missing_boundary(rollup)
    return MeterAmount(
        meter=meter,
        amount=None if missing else rollup.total,
        estimated=0.0 if missing else rollup.estimated,
        seconds=rollup.seconds,
        covered_seconds=covered,
        interpolated_seconds=rollup.interpolated or 0.0,
        estimated_seconds=rollup.estimated_time or 0.0,
        longest_gap_seconds=_silence(rollup),
        missing=missing,
    )


def _silence(rollup: Rollup) -> float:
    """Return the longest gap where some of the time is not measured; where all of it is, no gap is worth telling."""
    is_measured = rollup.seconds - rollup.measured <= _SLACK
    return 0.0 if is_measured else rollup.longest_gap() or 0.0


def _undeclared(meter: str, quantity: str, seconds: float) -> MeterAmount:
    return MeterAmount(
        meter=meter, amount=None, seconds=seconds, covered_seconds=0.0, missing=f"the meter does not report {quantity}"
    )


def _missing_boundary(rollup: Rollup) -> str | None:
    """Say in plain words which boundary reading of a register is missing; None when its difference is whole."""
    if rollup.is_bounded:
        return None
    start, end = isoformat(rollup.bucket), isoformat(rollup.bucket_end)
    if rollup.covered_from is None or rollup.covered_to is None:
        return f"{'one reading only' if rollup.count else 'no reading'} from {start} to {end}"
    lacks = []
    if rollup.covered_from != rollup.bucket:
        lacks.append(f"no reading at or before {start}; the first is {isoformat(rollup.covered_from)}")
    if rollup.covered_to != rollup.bucket_end:
        lacks.append(f"no reading at or after {end}; the last is {isoformat(rollup.covered_to)}")
    return " and ".join(lacks)


def _missing_hours(rollup: Rollup, what: str) -> str | None:
    """Say of how much of the time amounts are not known; None when all of it is."""
    lacking = rollup.seconds - rollup.measured
    if lacking <= _SLACK:
        return None
    start, end = isoformat(rollup.bucket), isoformat(rollup.bucket_end)
    return f"{what} for {lacking / 3600:g} of the {rollup.seconds / 3600:g} hours from {start} to {end}"
