"""The civil buckets of one series in columns, one for each field of ``Bucket``: every bucket of a range at once.

What few buckets have, as readings that begin or end in them, takes the way of single rollups, to the same bits.
"""

from math import fsum
from typing import Any, Final

import numpy as np
import polars as pl

from ingest.model.calendar import Instants
from ingest.model.reading import ReadingKind
from ingest.model.registers import RegisterContract, read_stored
from ingest.model.succession import Succession
from ingest.model.time import SECOND
from kpi_engine.api.json_rows import INSTANT
from kpi_engine.api.series import StoredSeries
from kpi_engine.evidence.amount_bounds import SLACK, Unread, amount_bounds
from kpi_engine.figures.status import relative_half_width
from kpi_engine.indicator import LIMITS, Outcome
from kpi_engine.window import Amount
from kpi_engine.windows.meter_amounts import shown
from processors.steps.bounds import Count
from processors.steps.columns import ABSENT, ROLLUP_FIELDS, Floats, Mask, RollupColumns
from processors.steps.excursions import FACTOR
from processors.steps.hour_bounds import AmountColumns, edge_rates, hour_bounds, nothing_for_nan
from processors.steps.rollup import Rollup

WHOLE: Final = 1 - 1e-9  # an interval series' bucket is whole when its intervals fill it, rounding aside
_NOTHING: Final = Rollup(0, 0)
_SHARED: Final = [name for name in AmountColumns.__dataclass_fields__ if name in ROLLUP_FIELDS]


def placed(found: RollupColumns, bounds: Instants) -> RollupColumns:
    """Return a rollup for each bucket between ``bounds``: the one found, or one without knowledge."""
    length = len(bounds) - 1
    if np.array_equal(found.bucket, bounds[:-1]):
        return found  # the usual case: every bucket is there
    place = np.searchsorted(bounds[:-1], found.bucket)
    is_one = bounds[:-1][np.minimum(place, length - 1)] == found.bucket
    rows = place[is_one]
    columns: dict[str, Any] = {"bucket": bounds[:-1].copy(), "bucket_end": bounds[1:].copy()}
    for name, kind in ROLLUP_FIELDS.items():
        default = getattr(_NOTHING, name)
        absent = (ABSENT if kind.dtype is np.int64 else np.nan) if default is None else default
        column = columns.setdefault(name, np.full(length, absent, kind.dtype))
        column[rows] = getattr(found, name)[is_one]
    return RollupColumns(slot=np.zeros(length, np.int64), **columns)


def bucket_columns(rollups: RollupColumns, series: StoredSeries, now: int, holes: Floats) -> pl.DataFrame:
    """Return the buckets that ``rollups`` are, as of ``now``; ``holes``: seconds inside of which nothing is known."""
    seconds = (rollups.bucket_end - rollups.bucket) / SECOND
    provisional = rollups.bucket_end + series.max_gap > now
    expected = seconds * SECOND / series.expected_interval
    if series.kind == ReadingKind.SESSION:
        expected = np.full(len(rollups), np.nan)
    lower, upper = _bounds(rollups, series, holes)
    measured_share = rollups.measured / seconds
    whole = _is_bounded(rollups) if series.kind == ReadingKind.REGISTER else measured_share >= WHOLE
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(rollups.weighted > 0.0, rollups.integral / rollups.weighted, np.nan)
    amount = np.where(provisional | (whole & ~_is_doubtful(rollups, whole, lower, upper)), rollups.total, np.nan)
    known = _exact_sum(rollups.measured, rollups.interpolated, rollups.estimated_time)
    columns: dict[str, Any] = {
        "start": pl.Series(rollups.bucket).cast(INSTANT),
        "end": pl.Series(rollups.bucket_end).cast(INSTANT),
        "sum": amount,
        "lower": lower,
        "upper": upper,
        "mean": mean,
        "minimum": rollups.minimum,
        "maximum": rollups.maximum,
        "count": rollups.count,
        "expected_count": expected,
        "count_coverage": rollups.count / expected,
        "coverage": _span_coverage(rollups) if series.kind == ReadingKind.REGISTER else measured_share,
        "measured_share": measured_share,
        "interpolated_share": rollups.interpolated / seconds,
        "estimated_share": rollups.estimated_time / seconds,
        "unknown_share": np.maximum(0.0, seconds - known) / seconds,
        "estimated_amount": np.where(np.isnan(amount), np.nan, rollups.estimated),
        "longest_gap_s": _longest_gap(rollups, now),
        "provisional": provisional,
        "rejected": rollups.rejected,
    }
    nothing = (pl.lit(None).alias("states"), pl.lit(None, pl.Float64).alias("unknown_s"))
    told = [  # one by one: a frame of arrays starts threads of its own to make them
        one.alias(name) if isinstance(one, pl.Series) else pl.Series(name, one, nan_to_null=True)
        for name, one in columns.items()
    ]
    return pl.DataFrame(told).with_columns(nothing)


def _bounds(rollups: RollupColumns, series: StoredSeries, holes: Floats) -> tuple[Floats, Floats]:
    """Return what each whole amount lies between; NaN where nothing bounds it, and of what is no amount."""
    lower, upper = np.full((2, len(rollups)), np.nan)
    if series.kind in {ReadingKind.GAUGE, ReadingKind.STATE}:
        return lower, upper
    declared, swaps = read_stored(series.register_contract)
    kind = ReadingKind(series.kind)
    rules = np.stack([declared.places(rollups.bucket), declared.places(rollups.bucket_end - 1)])
    if len(rollups) and (rules == rules[:, :1]).all():  # the usual case: nothing is sorted, and nothing copied
        lower, upper = _bounds_by(_count(declared, rollups), rollups, kind)
    else:
        for pair in np.unique(rules, axis=1).T:
            rows = np.flatnonzero((pair == rules.T).all(axis=1))
            some = rollups.select(rows)
            lower[rows], upper[rows] = _bounds_by(_count(declared, some), some, kind)
    if kind is ReadingKind.REGISTER:
        is_partial = (rollups.covered_from != ABSENT) & ~_is_bounded(rollups)
        for row in np.flatnonzero(is_partial | (holes > 0.0)).tolist():
            one = rollups.row(row)
            count = Count.of(declared, one.bucket, one.bucket_end)
            amount = Amount(one, kind, count, float(holes[row]), shown(one, kind, declared, swaps))
            found = amount_bounds(amount, Unread.of(amount))
            lower[row], upper[row] = found.lower, found.upper
    lower, upper = lower + 0.0, upper + 0.0  # nothing is not less than nothing
    return np.where(np.isfinite(lower), lower, np.nan), np.where(np.isfinite(upper), upper, np.nan)


def _count(declared: Succession[RegisterContract], alike: RollupColumns) -> Count:
    """Return how a series counts in rollups in which the same rules hold."""
    return Count.of(declared, int(alike.bucket[0]), int(alike.bucket_end[0]))


def _bounds_by(count: Count, rollups: RollupColumns, kind: ReadingKind) -> tuple[Floats, Floats]:
    shared: dict[str, Any] = {name: getattr(rollups, name) for name in _SHARED}
    known = rollups.measured if kind is ReadingKind.REGISTER else _known(rollups)  # of registers, edges tell
    amounts = AmountColumns(**shared, known=known)
    if count.rate is None:
        fastest = FACTOR * np.fmax.reduce([rollups.greatest, *edge_rates(amounts)])
        rate = np.where(np.isnan(fastest), np.inf, fastest)
    else:
        rate = np.full(len(rollups), count.rate)
    return hour_bounds(amounts, rate, is_register=kind is ReadingKind.REGISTER, is_net=count.is_net)


def _known(rollups: RollupColumns) -> Floats:
    """Return the seconds of which anything is known; all of a bucket where no more than rounding is missing."""
    seconds = (rollups.bucket_end - rollups.bucket) / SECOND
    known = _exact_sum(rollups.measured, nothing_for_nan(rollups.interpolated), nothing_for_nan(rollups.estimated_time))
    return np.where(seconds - known > SLACK, known, seconds)


def _is_bounded(rollups: RollupColumns) -> Mask:
    is_bounded: Mask = (rollups.covered_from == rollups.bucket) & (rollups.covered_to == rollups.bucket_end)
    return is_bounded


def _is_doubtful(rollups: RollupColumns, whole: Mask, lower: Floats, upper: Floats) -> Mask:
    """Return which of the whole amounts are so doubtful that they are no figures (kpi_engine.figures.status)."""
    doubtful = np.zeros(len(rollups), np.bool_)
    for row in np.flatnonzero(whole & ~np.isnan(rollups.doubt_above)).tolist():
        total, low, high = (None if np.isnan(one[row]) else float(one[row]) for one in (rollups.total, lower, upper))
        doubtful[row] = relative_half_width(Outcome(total, 1.0, lower=low, upper=high)) > LIMITS.provisional
    return doubtful


def _span_coverage(rollups: RollupColumns) -> Floats:
    is_known = (rollups.measured_from != ABSENT) & (rollups.measured_to != ABSENT)
    span = np.where(is_known, rollups.measured_to, 0) - np.where(is_known, rollups.measured_from, 0)
    coverage: Floats = span / (rollups.bucket_end - rollups.bucket)
    return coverage


def _longest_gap(rollups: RollupColumns, now: int) -> Floats:
    """Return the longest time without a reading [s], as of ``rollup.Rollup``."""
    end = np.minimum(rollups.bucket_end, now)
    is_silent = (rollups.first_at == ABSENT) | (rollups.last_at == ABSENT)
    first, last = (np.where(is_silent, rollups.bucket, at) for at in (rollups.first_at, rollups.last_at))
    rims = np.maximum((first - rollups.bucket) / SECOND, (end - last) / SECOND)
    silence = np.maximum(0.0, (end - rollups.bucket) / SECOND)
    gap: Floats = np.where(is_silent, silence, np.maximum(rollups.pause, rims))
    return np.where(np.isnan(rollups.pause), np.nan, gap)


def _exact_sum(*parts: Floats) -> Floats:
    """Return the sums of three columns, rounded once: of two numbers a sum is."""
    found: Floats = parts[0] + parts[1] + parts[2]
    rows = np.flatnonzero((parts[0] != 0.0) & (parts[1] != 0.0) & (parts[2] != 0.0) & ~np.isnan(found))
    found[rows] = [fsum(row) for row in zip(*(part[rows].tolist() for part in parts), strict=True)]
    return found
