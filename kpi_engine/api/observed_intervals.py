"""When the intervals of listed readings begin, where their source gave that."""

import numpy as np

from processors.rollups.given_intervals import attached
from processors.steps.columns import ABSENT, Floats, Ints, Readings
from processors.storage.database import Connection


def begins(connection: Connection, series_id: int, time: Ints, value: Floats) -> Ints:
    """Return the begin of each reading of a series, in the order of their times; ABSENT where it was not given."""
    if not len(time):
        return time
    slot = np.zeros(len(time), np.int64)
    found = attached(connection, Readings(slot, time, value), np.array([series_id]), slot[:1]).begin
    return np.full(len(time), ABSENT) if found is None else found
