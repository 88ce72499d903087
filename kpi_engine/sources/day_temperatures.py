"""Temperatures of civil days, as ports of models ask for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from ingest.model.calendar import Period, edges
from ingest.model.observation import FloatColumn
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.temperatures import read_temperatures
from kpi_engine.ports.stored_keys import DayTemperatureKey
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from processors.storage.database import Connection


def read(
    connection: Connection,
    keys: Sequence[DayTemperatureKey],
    kept: KeptDays | None,  # noqa: ARG001 - of temperatures nothing is
) -> Mapping[DayTemperatureKey, FloatColumn]:
    """Return the mean of each day of each of ``keys``; NaN where it is not known."""
    return {key: _means(connection, key) for key in keys}


def _means(connection: Connection, key: DayTemperatureKey) -> FloatColumn:
    bounds = edges(key.start, key.end, Period.DAY, key.zone)
    means, *_ = read_temperatures(connection, key.series_id, key.zone, METHODS[key.method], bounds)
    return means


SOURCE: Final = InputSource(DayTemperatureKey, read)
