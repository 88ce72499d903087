"""Amounts of several meters as inputs of an indicator, and how they add up.

Each has its bounds, and so has their sum: what is missing widens them. One meter of which nothing is known leaves no
sum at all, since a sum is never partial. Coverage is sum over sum: the seconds between boundary readings over the
seconds asked for.
"""

from collections.abc import Iterable, Sequence
from math import fsum, inf, isfinite
from typing import Final

from pydantic import Field

from ingest.model.reading import ReadingKind
from ingest.model.time import isoformat
from ingest.wording import first_of
from kpi_engine.amount_bounds import SLACK, Unread, amount_bounds
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Entry
from kpi_engine.window import Amount, Meter
from processors.steps.bounds import Bounds
from processors.steps.rollup import Rollup

_UNDECLARED: Final = "the meter does not report"
_NAMED: Final = 3  # reasons spelt out before the rest is only counted
LARGEST: Final = 1e18  # no meter counts so much, and a sum of such amounts is still a number
LONGEST: Final = 1e11  # seconds: 3,000 years


class MeterAmount(Entry):
    """What one meter counted: register at the end minus register at the start, in the unit its list is named after.

    It lies between ``lower`` and ``upper``, which are the amount itself unless given, and nothing where the amount is
    null: where nothing is known of the meter. ``missing`` says what is not known, and ``filled`` is the part of the
    amount that stands in its place. ``is_open``: nothing bounds the amount on a side of which no bound is given.
    ``estimated``: the part that lies in a silence at the rim. ``seconds`` asked for, and ``covered_seconds`` between
    the first and the last boundary reading. Where readings are further apart than the series' max_gap:
    ``interpolated_seconds`` up to its filling, ``estimated_seconds`` beyond it, and ``longest_gap_seconds``, 0 where
    none is longer than max_gap.
    """

    meter: str
    amount: float | None = Field(ge=-LARGEST, le=LARGEST)
    lower: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    upper: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    is_open: bool = False
    filled: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)
    estimated: float = Field(default=0.0, ge=-LARGEST, le=LARGEST)
    seconds: float = Field(ge=1e-6, le=LONGEST)
    covered_seconds: float = Field(ge=0, le=LONGEST)
    interpolated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    estimated_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    longest_gap_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    missing: str | None = None

    @property
    def is_undeclared(self) -> bool:
        """Whether the meter does not report the quantity at all."""
        return self.amount is None and (self.missing or "").startswith(_UNDECLARED)

    @property
    def bounded(self) -> Bounded:
        """The amount with its bounds."""
        if self.amount is None:
            lower, upper = -inf if self.lower is None else self.lower, inf if self.upper is None else self.upper
            return Bounded(None, lower, upper)
        if self.lower is None and self.upper is None and not self.is_open:
            return Bounded.exact(self.amount)
        lower, upper = -inf if self.lower is None else self.lower, inf if self.upper is None else self.upper
        return Bounded(self.amount, lower, upper).with_value(self.amount)


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
    return bounded(*lists).value


def bounded(*lists: Sequence[MeterAmount]) -> Bounded:
    """Return the sum over all meters with its bounds."""
    return added(entry.bounded for entries in lists for entry in entries)


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
        for entry in sorted(entries, key=lambda entry: entry.amount is not None)
        if entry.amount is None or entry.missing
    )
    return first_of(sentences, _NAMED, "; ") or None


def _amount(meter: str, amount: Amount) -> MeterAmount:
    """Return the amount as an input, made once however many figures read it."""
    found: MeterAmount | None = amount.entries.get(meter)
    if found is None:
        found = amount.entries[meter] = _entry(meter, amount)
    return found


def _entry(meter: str, amount: Amount) -> MeterAmount:
    rollup = amount.rollup
    unread = Unread.of(amount)
    if amount.kind is ReadingKind.INTERVAL:
        covered, lacking = rollup.measured, _missing_hours(rollup, "no interval reading")
    elif amount.kind is ReadingKind.SESSION:
        covered, lacking = rollup.measured, _missing_hours(rollup, "not every session is known")
    else:
        covered, lacking = rollup.span_coverage * rollup.seconds, _missing_boundary(rollup)
    found = amount_bounds(amount, unread)
    value, filled = _filled(amount, unread.after_first, found)
    lower, upper = Bounded(value, found.lower, found.upper).published
    is_exact = value is not None and lower == upper == value
    return MeterAmount(
        meter=meter,
        amount=value,
        lower=None if is_exact else lower,
        upper=None if is_exact else upper,
        is_open=not is_exact and value is not None and upper is None,
        filled=filled,
        estimated=0.0 if value is None else rollup.estimated,
        seconds=rollup.seconds,
        covered_seconds=covered,
        interpolated_seconds=rollup.interpolated or 0.0,
        estimated_seconds=rollup.estimated_time or 0.0,
        longest_gap_seconds=_silence(rollup),
        missing=_stands(lacking, amount) or _doubted(rollup, amount.kind),
    )


def _filled(amount: Amount, lacking: float, found: Bounds) -> tuple[float | None, float]:
    """Return the amount with what stands for the ``lacking`` seconds after the first reading, and that part alone.

    A meter goes on at its mean of the same time, within what it can count; before its first reading it counts nothing.
    Of a meter that was not read at all, there is an amount only where the others tell (``amount.shared``).
    """
    rollup = amount.rollup
    if rollup.total is None or rollup.seconds - lacking <= SLACK:
        return (None, 0.0) if amount.shared is None else (min(amount.shared, found.upper), amount.shared)
    if not lacking or amount.kind is ReadingKind.SESSION:
        return (rollup.total, 0.0) if not lacking else (None, 0.0)
    part = rollup.total * lacking / max(rollup.seconds - lacking, SLACK)
    part = max(min(part, found.upper - rollup.total), 0.0) if not amount.count.is_net else part
    return rollup.total + part, part


def _stands(lacking: str | None, amount: Amount) -> str | None:
    """Return what is ``lacking``, and what stands for a meter that was not read at all."""
    return lacking if amount.shared is None else f"{lacking}: it takes its share of what the others counted"


def _doubted(rollup: Rollup, kind: ReadingKind) -> str | None:
    """Say that readings are not believed, or the energy of sessions is not known; None where all is."""
    if rollup.doubt_above is None:
        return None
    span = f"{isoformat(rollup.bucket)} to {isoformat(rollup.bucket_end)}"
    if kind is ReadingKind.SESSION:
        return f"the energy of a session or several is not known in {span}: the least of each is counted"
    return f"what was counted is not certain in {span}: the register fell, or rose faster than it can"


def _silence(rollup: Rollup) -> float:
    """Return the longest gap where some of the time is not measured; where all of it is, no gap is worth telling."""
    is_measured = rollup.seconds - rollup.measured <= SLACK
    return 0.0 if is_measured else rollup.longest_gap() or 0.0


def _undeclared(meter: str, quantity: str, seconds: float) -> MeterAmount:
    return MeterAmount(
        meter=meter, amount=None, seconds=seconds, covered_seconds=0.0, missing=f"{_UNDECLARED} {quantity}"
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
    if lacking <= SLACK:
        return None
    start, end = isoformat(rollup.bucket), isoformat(rollup.bucket_end)
    return f"{what} for {lacking / 3600:g} of the {rollup.seconds / 3600:g} hours from {start} to {end}"
