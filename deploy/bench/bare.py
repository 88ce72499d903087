"""The yardstick: the same number of readings by binary COPY into an identical table, one client, one core."""

import time
from typing import Final

import numpy as np

from processors.storage.database import Connection
from processors.storage.readings.observations import OBSERVATION
from processors.storage.statements import statements
from simulators.load import QUANTITIES, Load

SQL: Final = statements(__name__)

BATCH_READINGS: Final = 5_000  # where COPY is at its best


def copy_rate(connection: Connection, load: Load, readings: int) -> float:
    """Return readings a second of bare COPY, committed batch by batch; their encoding counts, too."""
    connection.execute(SQL["bare_table"])
    connection.commit()
    began = time.perf_counter()
    for begin in range(0, readings, BATCH_READINGS):
        _copy(connection, load, np.arange(begin, min(begin + BATCH_READINGS, readings)))
    return readings / (time.perf_counter() - began)


def _copy(connection: Connection, load: Load, number: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    message, quantity = np.divmod(number, len(QUANTITIES))
    sequence, device = np.divmod(message, load.devices)
    times, zero = load.times(sequence), np.zeros(len(number), np.int64)
    series = device * len(QUANTITIES) + quantity
    with connection.cursor() as cursor, cursor.copy(SQL["bare_copy"]) as copy:
        copy.write(OBSERVATION.encode((series, times, 1e9 + sequence, times, zero, zero)))
    connection.commit()
