"""``rollup.combine`` for many series at once: hours to days, days to months."""

import numpy as np

from processors.steps.columns import ABSENT, Floats, Ints, Mask, RollupColumns, as_stored, at_least
from processors.steps.grouping import Groups
from processors.steps.pauses import pauses_of_parts
from processors.steps.rollup import NO_CONTRACT


def combine_columns(parts: RollupColumns, bucket: Ints, bucket_end: Ints) -> RollupColumns:
    """Add up ``parts`` (sorted by slot and bucket) that share a slot and a ``bucket``: the one each part belongs to.

    Same rules and same bits as ``rollup.combine``.
    """
    starts = np.flatnonzero(_differs(parts.slot) | _differs(bucket))
    ends = np.append(starts[1:], len(parts))[: len(starts)] - 1
    groups = Groups(np.repeat(np.arange(len(starts)), np.diff([*starts, len(parts)])), len(starts))
    measured_from, measured_to = groups.earliest(parts.measured_from), groups.latest(parts.measured_to)
    at_the_rim = (
        (measured_from[groups.of] == ABSENT)
        | (parts.bucket < measured_from[groups.of])
        | (parts.bucket_end > measured_to[groups.of])
    )
    first_at, last_at, pause = pauses_of_parts(parts, groups)
    return RollupColumns(
        slot=parts.slot[starts],
        bucket=bucket[starts],
        bucket_end=bucket_end[starts],
        count=groups.sums(parts.count.astype(np.float64)).astype(np.int64),
        minimum=groups.least(parts.minimum),
        maximum=groups.most(parts.maximum),
        total=groups.exact_sums(parts.total),
        integral=groups.exact_sums(parts.integral),
        estimated=groups.exact_sums(np.where(at_the_rim, parts.estimated, 0.0)),
        measured=groups.exact_sums(parts.measured),
        weighted=groups.exact_sums(parts.weighted),
        covered_from=groups.earliest(parts.covered_from),
        covered_to=groups.latest(parts.covered_to),
        measured_from=measured_from,
        measured_to=measured_to,
        rejected=groups.sums(parts.rejected.astype(np.float64)).astype(np.int64),
        contract=_common(groups.earliest(parts.contract), groups.latest(parts.contract)),
        interpolated=_of_all(groups, parts.interpolated),
        estimated_time=_of_all(groups, parts.estimated_time),
        pause=pause,
        first_at=first_at,
        last_at=last_at,
        entry_seconds=parts.entry_seconds[starts],
        entry_amount=parts.entry_amount[starts],
        exit_seconds=parts.exit_seconds[ends],
        exit_amount=parts.exit_amount[ends],
        doubt_below=_of_some(groups, parts.doubt_below),
        doubt_above=_of_some(groups, parts.doubt_above),
        peak=as_stored(groups.most(parts.greatest)),
    )


def _of_all(groups: Groups, values: Floats) -> Floats:
    """Return exact sums, NaN where a single part is not known; mostly there is nothing to add."""
    if not values.any():
        return np.zeros(groups.count)
    sums = groups.exact_sums(values)
    sums[groups.of[np.isnan(values)]] = np.nan
    return sums


def _of_some(groups: Groups, values: Floats) -> Floats:
    """Return sums of what is known, NaN where nothing is; mostly there is nothing to add."""
    known = np.flatnonzero(~np.isnan(values))
    sums = np.full(groups.count, np.nan)
    if len(known):
        of, at = np.unique(groups.of[known], return_inverse=True)
        sums[of] = np.bincount(at, weights=values[known])
    return at_least(sums)


def _common(least: Ints, most: Ints) -> Ints:
    return np.where(least == most, least, NO_CONTRACT)


def _differs(values: Ints) -> Mask:
    """Whether each value differs from the one before; the first does."""
    return np.concatenate([[True], values[1:] != values[:-1]])[: len(values)]
