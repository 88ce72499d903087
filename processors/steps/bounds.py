"""Between what an amount lies: what is known of a bucket, and the greatest rate at which its series can count.

Inside a bucket the difference of believed readings is exact, however long the silence between them. What was counted
on both sides of an edge may lie on either, as far as the meter can count so fast; what nobody read is anything from
nothing to the greatest rate times its time. Edges cancel where buckets are joined, so the bounds of a month are those
of its own two edges and of what is not believed inside.
"""

from dataclasses import dataclass
from math import inf
from typing import Final

from ingest.model.registers import Decrease, RegisterContract
from ingest.model.succession import Succession
from ingest.model.time import HOUR, SECOND
from processors.steps.excursions import FACTOR, LEAST
from processors.steps.rollup import Rollup

ROUNDING: Final = 1.2e-7  # of what is kept in single precision
_HOUR_SECONDS: Final = HOUR / SECOND


@dataclass(frozen=True)
class Bounds:
    """``lower`` and ``upper`` of an amount, in its unit, or infinite; ``missing``: seconds that were not read."""

    lower: float
    upper: float
    missing: float

    @property
    def is_bounded(self) -> bool:
        """Whether both are known."""
        return self.lower > -inf and self.upper < inf


@dataclass(frozen=True)
class Count:
    """How a series counts: at most ``rate`` per hour, None where nothing is declared; ``is_net``: backwards as well."""

    rate: float | None = None
    is_net: bool = False

    @classmethod
    def of(cls, contracts: Succession[RegisterContract], start: int, end: int) -> "Count":
        """Return how a register counts in [start, end): by the most that its contracts of that time allow."""
        rules = contracts.between(start, end)
        declared = [contract.max_increase_per_hour for contract in rules]
        known = [rate for rate in declared if rate is not None]
        is_net = any(contract.decrease is Decrease.NET for contract in rules)
        return cls(max(known) if len(known) == len(declared) else None, is_net)


ANY_RATE: Final = Count()  # of what is no register, and of registers of which nothing is declared


def rate_of(rollup: Rollup, count: Count) -> float | None:
    """Return the most that is counted in an hour: as declared, else by the fastest measured hour; None if not known."""
    if count.rate is not None:
        return count.rate
    known = [rate for rate in (rollup.greatest, _edge_rate(rollup)) if rate is not None]
    return FACTOR * max(known) if known else None


def bounds(rollup: Rollup, missing: float, count: Count) -> Bounds:
    """Return between what the amount of a bucket lies, of which ``missing`` seconds were not read."""
    rate = rate_of(rollup, count)
    per_second = inf if rate is None else rate / _HOUR_SECONDS
    total = rollup.total or 0.0
    below, above = _of_edges(rollup, total, per_second, is_net=count.is_net)
    below += rollup.doubt_below or 0.0
    above += rollup.doubt_above or 0.0
    unread = per_second * missing if missing else 0.0
    if count.is_net:
        return Bounds(total - below - unread, total + above + unread, missing)
    # Less than nothing was counted only by a meter that may have run backwards, by more than it counted otherwise.
    doubted = rollup.doubt_below or 0.0
    least = -doubted if doubted > total else 0.0
    return Bounds(min(max(total - below, least), total), total + above + unread, missing)


def _of_edges(rollup: Rollup, total: float, rate: float, *, is_net: bool) -> tuple[float, float]:
    """Return by how much less and more may lie in the bucket of what was counted across its edges."""
    begins, ends = rollup.entry_seconds is not None, rollup.exit_seconds is not None
    if rollup.first_at is None and begins and ends and rollup.entry_amount == rollup.exit_amount:
        return _through(rollup, total, rate, is_net=is_net)
    below = above = 0.0
    if rollup.entry_seconds is not None:
        inside = ((rollup.first_at or rollup.bucket_end) - rollup.bucket) / SECOND
        lost, won = _across(rollup.entry_amount or 0.0, rollup.entry_seconds, inside, rate, is_net=is_net)
        below, above = below + lost, above + won
    if rollup.exit_seconds is not None:
        inside = (rollup.bucket_end - (rollup.last_at or rollup.bucket)) / SECOND
        lost, won = _across(rollup.exit_amount or 0.0, rollup.exit_seconds, inside, rate, is_net=is_net)
        below, above = below + lost, above + won
    return below, above


def _across(amount: float, outside: float, inside: float, rate: float, *, is_net: bool) -> tuple[float, float]:
    """Return by how much less and more than its share of time lies inside, of what a stretch across an edge counted."""
    share = amount * inside / (inside + outside) if inside + outside else 0.0
    slack = abs(amount) * ROUNDING
    if is_net:
        least, most = max(-rate * inside, amount - rate * outside), min(rate * inside, amount + rate * outside)
    else:
        least, most = max(0.0, amount - rate * outside), min(amount, rate * inside)
    return max(share - least, 0.0) + slack, max(most - share, 0.0) + slack


def _through(rollup: Rollup, total: float, rate: float, *, is_net: bool) -> tuple[float, float]:
    """Return the same of a bucket in the middle of a silence."""
    inside = rollup.seconds
    outside = (rollup.entry_seconds or 0.0) + (rollup.exit_seconds or 0.0)
    amount = rollup.entry_amount or 0.0
    below, above = _across(amount, outside, inside, rate, is_net=is_net)
    share = amount * inside / (inside + outside)
    return below + max(total - share, 0.0), above + max(share - total, 0.0)


def _edge_rate(rollup: Rollup) -> float | None:
    """Return the mean rate per hour of what was counted across the edges."""
    rates = []
    for amount, seconds, inside in (
        (rollup.entry_amount, rollup.entry_seconds, ((rollup.first_at or rollup.bucket_end) - rollup.bucket) / SECOND),
        (rollup.exit_amount, rollup.exit_seconds, (rollup.bucket_end - (rollup.last_at or rollup.bucket)) / SECOND),
    ):
        if amount is not None and seconds is not None:
            rates.append(abs(amount) * _HOUR_SECONDS / max(seconds + inside, LEAST * _HOUR_SECONDS))
    return max(rates, default=None)
