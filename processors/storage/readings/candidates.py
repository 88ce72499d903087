"""Readings of one batch that share series and time: which are the same, which differ, and which comes first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.model.observation import IntColumn, ObservationBatch


@dataclass(frozen=True)
class Candidates:
    """Indices of one row per (series, time, value), ordered by series and time; ``contested``: values differ somewhere.

    Of equal rows the latest revision stands, then the better quality, then the earlier arrival.
    """

    rows: IntColumn
    contested: bool


def candidates(batch: ObservationBatch) -> Candidates:
    """Find the distinct readings of ``batch``."""
    rows = np.lexsort((batch.time, batch.series_id))
    repeated = _repeats(batch.series_id[rows], batch.time[rows])
    if not repeated.any():
        return Candidates(rows, contested=False)
    claim = [batch.received_at, batch.quality] + ([] if batch.revision is None else [-batch.revision])
    rows = np.lexsort((*claim, batch.value, batch.time, batch.series_id))
    rows = rows[~_repeats(batch.series_id[rows], batch.time[rows], batch.value[rows])]
    return Candidates(rows, contested=bool(_repeats(batch.series_id[rows], batch.time[rows]).any()))


def extents(series_id: IntColumn, time: IntColumn, apart: int) -> tuple[IntColumn, IntColumn, IntColumn]:
    """Return series, first and last time of the stretches in which no two readings are further than ``apart``.

    Rows are ordered by series and time.
    """
    starts = np.flatnonzero(_starts(series_id, time, apart))
    ends = np.append(starts[1:], len(time)) - 1
    return series_id[starts], time[starts], time[ends]


def _starts(series_id: IntColumn, time: IntColumn, apart: int) -> npt.NDArray[np.bool_]:
    starts = np.ones(len(time), np.bool_)
    starts[1:] = (series_id[1:] != series_id[:-1]) | (time[1:] - time[:-1] > apart)
    return starts


def _repeats(*columns: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return whether each row equals the one before it in every column."""
    repeats = np.zeros(len(columns[0]), np.bool_)
    if len(repeats):
        repeats[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    return repeats
