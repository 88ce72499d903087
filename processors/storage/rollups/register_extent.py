"""How far around a reading a register must be known: the store's part of ``processors.rollups.register_context``."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from ingest.model.time import from_micros
from processors.steps.columns import Floats, Ints
from processors.storage.binary_copy import ColumnType, decode_array
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class Side(StrEnum):
    """The side of a reading that is looked at."""

    BEFORE = "before"
    AFTER = "after"


_CONTEXT: Final = {Side.BEFORE: SQL["window_context_before"], Side.AFTER: SQL["window_context_after"]}


@dataclass(frozen=True)
class RegisterReadings:
    """Readings of registers by series and time, ``at``, around which is looked, and how they jitter, never 0."""

    series_id: Ints
    at: Ints
    jitter: Floats


def extent(connection: Connection, side: Side, readings: RegisterReadings) -> Ints:
    """Return the time to which each register must be known on one side of its reading."""
    if not len(readings.at):
        return readings.at
    parameters = {
        "series": readings.series_id.tolist(),
        "at": [from_micros(time) for time in readings.at.tolist()],
        "jitter": readings.jitter.tolist(),
    }
    result = connection.execute(_CONTEXT[side], parameters, binary=True).pgresult
    if result is None:
        raise TypeError(f"no rows are returned by {_CONTEXT[side]}")
    row = decode_array(result.get_value(0, 0), ColumnType.BIGINT)
    time = decode_array(result.get_value(0, 1), ColumnType.TIMESTAMP)
    return time[np.argsort(row)].astype(np.int64)
