"""Entries of meters, made of what their rollups say: what stands for what was not read, and the words for it."""

from typing import Final

from ingest.model.reading import ReadingKind
from ingest.model.sentences import Sentence
from ingest.model.time import isoformat
from kpi_engine.evidence.amount_bounds import SLACK, Unread, amount_bounds
from kpi_engine.evidence.amount_entry import NOT_REPORTED, MeterAmount
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.window import Amount
from processors.steps.bounds import Bounds
from processors.steps.rollup import Rollup

SHARED: Final = Sentence("{why}: it takes its share of what the others counted")
DOUBTED: Final = Sentence(
    "what was counted is not certain in {start} to {end}: the register fell, or rose faster than it can"
)
DOUBTED_SESSIONS: Final = Sentence(
    "the energy of a session or several is not known in {start} to {end}: the least of each is counted"
)
ONE_READING: Final = Sentence("one reading only from {start} to {end}")
NO_READING: Final = Sentence("no reading from {start} to {end}")
NONE_BEFORE: Final = Sentence("no reading at or before {start}; the first is {first}")
NONE_AFTER: Final = Sentence("no reading at or after {end}; the last is {last}")
NEITHER: Final = Sentence(
    "no reading at or before {start}; the first is {first} and no reading at or after {end}; the last is {last}"
)
NO_INTERVALS: Final = Sentence("no interval reading for {lacking} of the {all} hours from {start} to {end}")
SOME_SESSIONS: Final = Sentence("not every session is known for {lacking} of the {all} hours from {start} to {end}")


def entry(meter: str, amount: Amount) -> MeterAmount:
    """Return the amount as an input, made once however many figures read it."""
    found: MeterAmount | None = amount.entries.get(meter)
    if found is None:
        found = amount.entries[meter] = _made(meter, amount)
    return found


def _made(meter: str, amount: Amount) -> MeterAmount:
    rollup = amount.rollup
    unread = Unread.of(amount)
    if amount.kind is ReadingKind.INTERVAL:
        covered, lacking = rollup.measured, _missing_hours(rollup, NO_INTERVALS)
    elif amount.kind is ReadingKind.SESSION:
        covered, lacking = rollup.measured, _missing_hours(rollup, SOME_SESSIONS)
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
    return lacking if amount.shared is None else SHARED.of(why=lacking)


def _doubted(rollup: Rollup, kind: ReadingKind) -> str | None:
    """Say that readings are not believed, or the energy of sessions is not known; None where all is."""
    if rollup.doubt_above is None:
        return None
    span = {"start": isoformat(rollup.bucket), "end": isoformat(rollup.bucket_end)}
    return (DOUBTED_SESSIONS if kind is ReadingKind.SESSION else DOUBTED).of(**span)


def _silence(rollup: Rollup) -> float:
    """Return the longest gap where some of the time is not measured; where all of it is, no gap is worth telling."""
    is_measured = rollup.seconds - rollup.measured <= SLACK
    return 0.0 if is_measured else rollup.longest_gap() or 0.0


def undeclared(meter: str, quantity: str, seconds: float) -> MeterAmount:
    """Return the entry of a meter that does not report ``quantity``."""
    return MeterAmount(
        meter=meter, amount=None, seconds=seconds, covered_seconds=0.0, missing=NOT_REPORTED.of(quantity=quantity)
    )


def _missing_boundary(rollup: Rollup) -> str | None:
    """Say in plain words which boundary reading of a register is missing; None when its difference is whole."""
    if rollup.is_bounded:
        return None
    start, end = isoformat(rollup.bucket), isoformat(rollup.bucket_end)
    if rollup.covered_from is None or rollup.covered_to is None:
        return (ONE_READING if rollup.count else NO_READING).of(start=start, end=end)
    found = {"start": start, "first": isoformat(rollup.covered_from)}
    found |= {"end": end, "last": isoformat(rollup.covered_to)}
    if rollup.covered_from == rollup.bucket:
        return NONE_AFTER.of(**found)
    return (NONE_BEFORE if rollup.covered_to == rollup.bucket_end else NEITHER).of(**found)


def _missing_hours(rollup: Rollup, what: Sentence) -> str | None:
    """Say of how much of the time amounts are not known; None when all of it is."""
    lacking = rollup.seconds - rollup.measured
    if lacking <= SLACK:
        return None
    start, end = isoformat(rollup.bucket), isoformat(rollup.bucket_end)
    hours = {"lacking": f"{lacking / 3600:g}", "all": f"{rollup.seconds / 3600:g}"}
    return what.of(**hours, start=start, end=end)
