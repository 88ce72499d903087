"""What is stored of one series bucket by bucket, and what of it counts: whole columns, NaN where not known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.observation import FloatColumn, IntColumn, Mask
from processors.storage.binary_copy import Column


@dataclass(frozen=True)
class StoredAmounts:
    """Buckets of one series in order of time: ``total``, NaN where not known, and the ``estimated`` part of it."""

    bucket: IntColumn = field(default_factory=lambda: np.empty(0, np.int64))
    total: FloatColumn = field(default_factory=lambda: np.empty(0))
    estimated: FloatColumn = field(default_factory=lambda: np.empty(0))

    def counted(self, edges: Instants, valid_from: int, valid_to: int) -> "CountedBuckets":
        """Return what was counted in the buckets from ``edges[:-1]`` on that begin while a meter is valid."""
        counts = (edges[:-1] >= valid_from) & (edges[:-1] < valid_to)
        estimated = on_grid(edges, self.bucket, self.estimated)
        return CountedBuckets(
            total=np.where(counts, on_grid(edges, self.bucket, self.total), 0.0),
            estimated=np.where(counts, np.nan_to_num(estimated), 0.0),
            is_stored=counts & ~np.isnan(estimated),
        )


class CountedBuckets(NamedTuple):
    """Buckets of one meter: ``total`` is 0 while it does not count, NaN where not known; ``estimated`` is 0 then."""

    total: FloatColumn
    estimated: FloatColumn
    is_stored: Mask


def on_grid(edges: Instants, bucket: IntColumn, values: FloatColumn) -> FloatColumn:
    """Place values of buckets on those that begin at ``edges[:-1]``; NaN where there is none."""
    placed = np.full(len(edges) - 1, np.nan)
    first, last = np.searchsorted(bucket, edges[[0, -1]])
    placed[np.searchsorted(edges, bucket[first:last])] = values[first:last]
    return placed


def by_series(
    series: Column, bucket: Column, *values: Column
) -> Iterator[tuple[int, IntColumn, tuple[FloatColumn, ...]]]:
    """Yield each series of columns sorted by series, with its buckets and its values."""
    whole, numbers = bucket.astype(np.int64), [column.astype(np.float64) for column in values]
    ids, begins = np.unique(series.astype(np.int64), return_index=True)
    for one, (begin, end) in zip(ids.tolist(), pairwise([*begins.tolist(), len(series)]), strict=True):
        yield one, whole[begin:end], tuple(column[begin:end] for column in numbers)
