"""The temperatures of days as the database knows them: their means by the hour, and their extremes."""

from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, edges
from ingest.model.observation import FloatColumn
from ingest.model.time import from_micros
from kpi_engine.baselines.day_temperature import day_means
from kpi_engine.baselines.methods import Method
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_NUMBER: Final = ColumnType.DOUBLE
_HOURS: Final = (ColumnType.TIMESTAMP, _NUMBER, _NUMBER)
LEAST_OF_AN_HOUR: Final = 0.5  # measured, or the hour is missing


def read_temperatures(
    connection: Connection, series_id: int, zone: str, method: Method, bounds: Instants
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """Return the mean of each day between ``bounds`` by its hours, and the extremes of the day; NaN: not known.

    ``zone`` is that of the series.
    """
    scope = {
        "series": series_id,
        "start": from_micros(int(bounds[0])),
        "end": from_micros(int(bounds[-1])),
        "least": LEAST_OF_AN_HOUR,
    }
    every_hour = edges(int(bounds[0]), int(bounds[-1]), Period.HOUR, zone)[:-1]
    bucket, mean, _ = read_arrays(connection, SQL["baseline_hours"], scope, _HOURS)
    hours = np.full(len(every_hour), np.nan)
    places = np.searchsorted(every_hour, bucket)
    hours[places] = mean
    of_day = np.searchsorted(bounds, every_hour, side="right") - 1
    count = len(bounds) - 1
    means = day_means(hours, of_day, count, method.longest_hours, method.least_share)
    coldest, warmest = np.full(count, np.nan), np.full(count, np.nan)
    days, low, high = read_arrays(connection, SQL["baseline_extremes"], scope, _HOURS)
    at = np.searchsorted(bounds, days)
    coldest[at], warmest[at] = low, high
    return means, coldest, warmest
