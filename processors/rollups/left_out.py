"""Readings of registers that did not happen, kept beside the judgements of others: who reads them is told.

They are left out of what is computed by the steps themselves, so what is kept decides nothing and marks nothing.
"""

from typing import Final

import numpy as np

from processors.steps.columns import Mask, Readings, Spans
from processors.steps.reading_quality import QualityFlag
from processors.storage.rollups.reading_quality import Flagged, Judgements

LEFT_OUT: Final = int(QualityFlag.EXCURSION | QualityFlag.REJECTED)


def keep_left_out(judgements: Judgements, readings: Readings, left_out: Mask, spans: Spans) -> None:
    """Make the readings ``left_out`` in ``spans`` of registers, which slots index, all that is flagged of them."""
    row, time = readings.slot[left_out], readings.time[left_out]
    inside = (time >= spans.start[row]) & (time < spans.end[row])
    now = np.stack([spans.series_id[row[inside]], time[inside]])
    stored_row, stored_time, flags = judgements.stored(spans)
    before = np.stack([spans.series_id[stored_row], stored_time])
    keys, of = np.unique(np.concatenate([now, before], axis=1), axis=1, return_inverse=True)
    of_now, of_before = np.split(of.reshape(-1), [now.shape[1]])
    wanted, known = np.zeros((2, keys.shape[1]), np.int64)
    wanted[of_now] = LEFT_OUT
    known[of_before] = flags
    judgements.save(Flagged(keys[0], keys[1], wanted).select(wanted != known))
