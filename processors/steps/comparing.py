"""What a recomputation changed: rollups just computed beside the ones that are stored."""

from dataclasses import fields

import numpy as np

from ingest.model.time import SECOND
from processors.steps.columns import Ints, Mask, RollupColumns, Spans


def compared(computed: RollupColumns, stored: RollupColumns) -> tuple[Mask, Mask, Mask]:
    """Return which computed rows are new, which differ from the stored one, and which stored rows are gone.

    Both are sorted by slot and bucket.
    """
    mine, theirs = _keys(computed), _keys(stored)
    is_gone = ~np.isin(theirs, mine)
    if not len(theirs):
        return np.ones(len(mine), np.bool_), np.zeros(len(mine), np.bool_), is_gone
    at = np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)
    is_new: Mask = theirs[at] != mine
    differs = np.zeros(len(mine), np.bool_)
    for field in fields(RollupColumns)[1:]:
        new, old = getattr(computed, field.name), getattr(stored, field.name)[at]
        differs |= (new != old) & ~((new != new) & (old != old))  # noqa: PLR0124 - NaN differs from itself
    return is_new, differs & ~is_new, is_gone


def unread(computed: RollupColumns, stored: RollupColumns) -> Mask:
    """Return which computed rows are of buckets of which nothing was read in ``stored``, as ``compared`` takes them.

    An hour between two readings was read, although none of them lies in it.
    """
    mine, theirs = _keys(computed), _keys(stored)
    return ~np.isin(mine, theirs[(stored.count > 0) | (stored.measured > 0.0)])


def extents(changed: RollupColumns, series_id: Ints) -> Spans:
    """Return the runs of adjacent buckets in ``changed``, whatever its order; ``series_id`` is by slot."""
    if not len(changed):
        return Spans.none()
    changed = changed.select(np.lexsort((changed.bucket, changed.slot)))
    follows = (changed.slot[1:] == changed.slot[:-1]) & (changed.bucket[1:] == changed.bucket_end[:-1])
    first = np.flatnonzero(np.concatenate([[True], ~follows]))
    last = np.append(first[1:] - 1, len(changed) - 1)
    return Spans(series_id[changed.slot[first]], changed.bucket[first], changed.bucket_end[last])


def _keys(table: RollupColumns) -> Ints:
    """Return one sortable number per slot and bucket; buckets start at whole seconds."""
    return (table.slot << 34) + table.bucket // SECOND
