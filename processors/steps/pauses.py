"""Pauses: how long nobody heard of a series, within a bucket and across the edges of the buckets it is made of.

A bucket keeps its first and its last reading and the longest pause between neighbouring ones; the longest gap, which
reaches to the edges of the bucket, follows from these three, for any run of buckets. Pauses are seconds.
"""

import numpy as np

from ingest.model.time import SECOND
from processors.steps.columns import ABSENT, Floats, Ints, RollupColumns
from processors.steps.grouping import Groups

Pauses = tuple[Ints, Ints, Floats]  # by group: first and last reading, ABSENT where there is none, and longest pause


def pauses_of(groups: Groups, time: Ints) -> Pauses:
    """Return when each group was heard of, at times that are sorted by group and time."""
    first, last = np.full(groups.count, ABSENT), np.full(groups.count, ABSENT)
    longest = np.zeros(groups.count)
    if len(groups.of):
        follows = groups.of[1:] == groups.of[:-1]
        starts = np.flatnonzero(np.append(True, ~follows))
        pauses = np.where(follows, time[1:] - time[:-1], 0)
        group = groups.of[starts]
        first[group], last[group] = time[starts], time[np.append(starts[1:], len(time)) - 1]
        longest[group] = np.maximum.reduceat(np.append(0, pauses), starts) / SECOND
    return first, last, longest


def pauses_of_parts(parts: RollupColumns, groups: Groups) -> Pauses:
    """Return when runs of buckets, sorted by group and time, were heard of; NaN where a part does not know its own."""
    known = parts.first_at != ABSENT
    of, first, last = groups.of[known], parts.first_at[known], parts.last_at[known]
    across = np.where(of[1:] == of[:-1], (first[1:] - last[:-1]) / SECOND, 0.0)
    longest = np.zeros(groups.count)
    pause = np.where(np.isnan(parts.pause), np.inf, parts.pause)  # what is not known outweighs everything
    np.maximum.at(longest, np.append(groups.of, of[1:]), np.append(pause, across))
    longest = np.where(np.isinf(longest), np.nan, longest)
    return groups.earliest(parts.first_at), groups.latest(parts.last_at), longest
