"""Stored hours as the database sends them: of each what it needs, put together as columns here.

Most hours are whole: measured from edge to edge. Of those, only what was counted travels, with what crossed an edge
where anything did; of a gauge, its levels.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ingest.model.time import HOUR, SECOND
from kpi_engine.windows.group_hours import StoredHours
from processors.steps.columns import ABSENT, Floats, Ints, Mask
from processors.steps.hour_bounds import AmountColumns
from processors.storage.binary_copy import Column, ColumnType

_WHOLE, _TIME, _NUMBER = ColumnType.BIGINT, ColumnType.TIMESTAMP, ColumnType.DOUBLE
SENT: Final = (
    *(_WHOLE, _TIME, _NUMBER),  # series and what is told of the hour, its begin, what was counted
    *(_TIME, _NUMBER, _TIME, _TIME, _NUMBER),  # of hours that are not whole: how far they are known
    *(_TIME, _TIME, *[_NUMBER] * 6),  # of hours across whose edges anything was counted, or that are in doubt
    *[_NUMBER] * 3,  # of levels
)
IS_ODD, HAS_EDGES, HAS_LEVELS, FLAGS = 1, 2, 4, 8


def stored_hours(sent: Sequence[Column]) -> StoredHours:
    """Return hours in order of series and time; ``sent``: columns as SENT, each of those hours that have them."""
    code, bucket, total = sent[0].astype(np.int64), sent[1].astype(np.int64), sent[2].astype(np.float64)
    is_odd, has_edges, has_levels = ((code & flag) > 0 for flag in (IS_ODD, HAS_EDGES, HAS_LEVELS))
    ends = bucket + HOUR
    seconds = np.full(len(code), HOUR / SECOND)
    odd, edges, levels = sent[3:8], sent[8:16], sent[16:]
    columns = AmountColumns(
        bucket=bucket,
        bucket_end=_instants(ends, is_odd, odd[0]),
        total=total,
        measured=_numbers(seconds, is_odd, odd[1]),
        covered_from=_instants(bucket, is_odd, odd[2]),
        covered_to=_instants(ends, is_odd, odd[3]),
        known=_numbers(seconds, is_odd, odd[4]),
        first_at=_instants(np.full(len(code), ABSENT), has_edges, edges[0]),
        last_at=_instants(np.full(len(code), ABSENT), has_edges, edges[1]),
        entry_seconds=_numbers(None, has_edges, edges[2]),
        entry_amount=_numbers(None, has_edges, edges[3]),
        exit_seconds=_numbers(None, has_edges, edges[4]),
        exit_amount=_numbers(None, has_edges, edges[5]),
        doubt_below=_numbers(None, has_edges, edges[6]),
        doubt_above=_numbers(None, has_edges, edges[7]),
    )
    found = StoredHours(code // FLAGS, columns, np.stack([_numbers(None, has_levels, one) for one in levels]))
    return found.sorted()


def _instants(usual: Ints, has_others: Mask, others: Column) -> Ints:
    found = usual
    if len(others):
        found = usual.copy()
        found[has_others] = others
    return found


def _numbers(usual: Floats | None, has_others: Mask, others: Column) -> Floats:
    found = np.full(len(has_others), np.nan) if usual is None else usual
    if len(others):
        found = found.copy()
        found[has_others] = others
    return found
