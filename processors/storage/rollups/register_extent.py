"""How far around a reading a register must be known: the store's part of ``processors.rollups.register_context``."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from ingest.model.time import from_micros
from processors.steps.columns import Floats, Ints
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
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
    row, time = read_arrays(connection, _CONTEXT[side], parameters, (ColumnType.BIGINT, ColumnType.TIMESTAMP))
    return time[np.argsort(row)].astype(np.int64)
