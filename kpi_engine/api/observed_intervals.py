"""When the intervals of listed readings begin, where their source gave that."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from ingest.model.time import from_micros, to_micros
from processors.rollups.given_intervals import attached
from processors.steps.columns import ABSENT, Readings
from processors.storage.database import Connection


def begins(
    connection: Connection, series_id: int, times: Sequence[datetime], values: Sequence[float]
) -> list[datetime | None]:
    """Return the begin of each reading of a series, in the order of their times; None where it was not given."""
    if not times:
        return []
    slot = np.zeros(len(times), np.int64)
    readings = Readings(slot, np.array([to_micros(time) for time in times], np.int64), np.array(values, np.float64))
    found = attached(connection, readings, np.array([series_id]), slot[:1]).begin
    if found is None:
        return [None] * len(times)
    return [None if begin == ABSENT else from_micros(begin) for begin in found.tolist()]
