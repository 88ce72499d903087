"""Between what the amounts of many hours lie, column by column: what ``bounds`` says of one, of all at once."""

from dataclasses import dataclass

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.time import HOUR, SECOND
from processors.steps.bounds import ROUNDING
from processors.steps.columns import ABSENT, Floats, Ints
from processors.steps.excursions import FACTOR, LEAST
from processors.steps.rollup import MOSTLY

_HOUR_SECONDS = HOUR / SECOND


@dataclass(frozen=True)
class AmountColumns(ColumnTable):
    """Hours of one series, with the fields and units of ``rollup.Rollup``; ABSENT and NaN for what is not known."""

    bucket: Ints
    bucket_end: Ints
    total: Floats
    measured: Floats
    covered_from: Ints
    covered_to: Ints
    known: Floats
    first_at: Ints
    last_at: Ints
    entry_seconds: Floats
    entry_amount: Floats
    exit_seconds: Floats
    exit_amount: Floats
    doubt_below: Floats
    doubt_above: Floats

    @property
    def seconds(self) -> Floats:
        """Length of each hour."""
        return (self.bucket_end - self.bucket) / SECOND

    @property
    def greatest(self) -> Floats:
        """The most that is counted in an hour, of each that is measured mostly; NaN of the others."""
        by_itself = np.abs(self.total) * _HOUR_SECONDS / self.seconds
        return np.where(self.measured >= MOSTLY * self.seconds, by_itself, np.nan)


def nothing_for_nan(values: Floats) -> Floats:
    """Return amounts, 0 for what is not known."""
    return np.where(np.isnan(values), 0.0, values)


def fastest(hours: AmountColumns, owner: Ints, series: int) -> Floats:
    """Return the most that each series can count in an hour, by its fastest one known; infinite where none is.

    ``owner``: which of so many ``series`` each hour is of, those of one side by side.
    """
    found = np.full(series, np.nan)
    if len(owner):
        rates = np.fmax.reduce([hours.greatest, *edge_rates(hours)])
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        found[owner[begins]] = np.fmax.reduceat(rates, begins)
    return np.where(np.isnan(found), np.inf, FACTOR * found)


def hour_bounds(
    hours: AmountColumns, rate: Floats, *, is_register: bool, is_net: bool = False
) -> tuple[Floats, Floats]:
    """Return lower and upper bound of each hour; ``rate``: the most counted in an hour, infinite where not known."""
    with np.errstate(invalid="ignore"):
        per_second = rate / _HOUR_SECONDS
        total = nothing_for_nan(hours.total)
        unread = _unread(hours) if is_register else np.maximum(hours.seconds - hours.known, 0.0)
        below, above = _of_edges(hours, total, per_second, is_net=is_net)
        below = below + nothing_for_nan(hours.doubt_below)
        above = above + nothing_for_nan(hours.doubt_above)
        more = np.where(unread > 0.0, per_second * unread, 0.0)
        if is_net:
            return total - below - more, total + above + more
        doubted = nothing_for_nan(hours.doubt_below)
        least = np.where(doubted > total, -doubted, 0.0)
        return np.minimum(np.maximum(total - below, least), total), total + above + more


def _unread(hours: AmountColumns) -> Floats:
    before = (hours.covered_from - hours.bucket) / SECOND
    after = (hours.bucket_end - hours.covered_to) / SECOND
    return np.where(hours.covered_from == ABSENT, hours.seconds, before + after)


def edge_rates(hours: AmountColumns) -> tuple[Floats, Floats]:
    """Return the mean rate per hour of what was counted across the edges; NaN where nothing was."""
    if np.isnan(hours.entry_amount).all() and np.isnan(hours.exit_amount).all():
        return hours.entry_amount, hours.exit_amount
    entered, left = _inside(hours)
    return (
        np.abs(hours.entry_amount) * _HOUR_SECONDS / np.maximum(hours.entry_seconds + entered, LEAST * _HOUR_SECONDS),
        np.abs(hours.exit_amount) * _HOUR_SECONDS / np.maximum(hours.exit_seconds + left, LEAST * _HOUR_SECONDS),
    )


def _inside(hours: AmountColumns) -> tuple[Floats, Floats]:
    """Return how long stretches that enter, and that leave, lie inside the hour [s]."""
    first = np.where(hours.first_at == ABSENT, hours.bucket_end, hours.first_at)
    last = np.where(hours.last_at == ABSENT, hours.bucket, hours.last_at)
    return (first - hours.bucket) / SECOND, (hours.bucket_end - last) / SECOND


def _of_edges(hours: AmountColumns, total: Floats, rate: Floats, *, is_net: bool) -> tuple[Floats, Floats]:
    begins, ends = ~np.isnan(hours.entry_seconds), ~np.isnan(hours.exit_seconds)
    if not (begins.any() or ends.any()):  # as where readings stand on the hours
        return np.zeros(len(hours)), np.zeros(len(hours))
    is_silent = hours.first_at == ABSENT
    through = is_silent & begins & ends & (hours.entry_amount == hours.exit_amount)
    entered, left = _inside(hours)
    below_in, above_in = _across(hours.entry_amount, hours.entry_seconds, entered, rate, is_net=is_net)
    below_out, above_out = _across(hours.exit_amount, hours.exit_seconds, left, rate, is_net=is_net)
    below = np.where(begins, below_in, 0.0) + np.where(ends, below_out, 0.0)
    above = np.where(begins, above_in, 0.0) + np.where(ends, above_out, 0.0)
    outside = nothing_for_nan(hours.entry_seconds) + nothing_for_nan(hours.exit_seconds)
    lost, won = _across(hours.entry_amount, outside, hours.seconds, rate, is_net=is_net)
    share = nothing_for_nan(hours.entry_amount) * hours.seconds / (hours.seconds + outside)
    return (
        np.where(through, lost + np.maximum(total - share, 0.0), below),
        np.where(through, won + np.maximum(share - total, 0.0), above),
    )


def _across(amount: Floats, outside: Floats, inside: Floats, rate: Floats, *, is_net: bool) -> tuple[Floats, Floats]:
    """Return by how much less and more than its share of time lies inside, of what stretches across edges counted.

    What is infinite times nothing bounds nothing, as where no rate is known.
    """
    amount, outside = nothing_for_nan(amount), nothing_for_nan(outside)
    whole = inside + outside
    share = np.where(whole > 0.0, amount * inside / np.where(whole > 0.0, whole, 1.0), 0.0)
    slack = np.abs(amount) * ROUNDING
    elsewhere, here = rate * outside, rate * inside
    if is_net:
        least, most = np.fmax(-here, amount - elsewhere), np.fmin(here, amount + elsewhere)
    else:
        least, most = np.fmax(0.0, amount - elsewhere), np.fmin(amount, here)
    return np.maximum(share - least, 0.0) + slack, np.maximum(most - share, 0.0) + slack
