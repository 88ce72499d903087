"""Quarter hours of one series, computed from its readings when they are asked for; nothing stores them."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ingest.model.calendar import Instants, Period, edges
from ingest.model.reading import Interpolation, ReadingKind
from ingest.model.time import MINUTE, from_micros
from kpi_engine.api.series import StoredSeries
from processors.steps.columns import Floats, Ints, Readings
from processors.steps.hours import Windows, hours
from processors.steps.rollup import Rollup
from processors.storage.database import Connection, sql


def quarters(start: int, end: int, zone: str) -> Instants:
    """Return the edges of the civil quarter hours that cover [start, end)."""
    hour_edges = edges(start, end, Period.HOUR, zone)
    parts = [np.arange(first, last, 15 * MINUTE) for first, last in pairwise(hour_edges)]
    every = np.concatenate([*parts, hour_edges[-1:]])
    first, last = np.searchsorted(every, start, side="right") - 1, np.searchsorted(every, end, side="left")
    return every[first : last + 1]


def quarter_hours(connection: Connection, series: StoredSeries, bounds: Instants) -> Iterator[Rollup]:
    """Yield the rollup of every quarter hour of ``bounds`` that readings touch."""
    time, value = _readings(connection, series, bounds)
    if not len(time):
        return
    # One bucket on either side takes what the neighbours outside of the range say about times outside of it.
    before = min(bounds[0], time[0] - series.expected_interval) - 1
    after = max(bounds[-1], time[-1]) + 1
    table = hours(
        Readings(np.zeros(len(time), np.int64), time, value),
        _window(series, bounds),
        np.concatenate([[before], bounds, [after]]),
    )
    for index in range(len(table)):
        yield table.row(index)


def _readings(connection: Connection, series: StoredSeries, bounds: Instants) -> tuple[Ints, Floats]:
    # An interval reading after the end still speaks of time before it, as far as its expected interval reaches.
    scope = {"series_id": series.series_id, "start": from_micros(bounds[0]), "end": from_micros(bounds[-1])}
    rows = connection.execute(sql("kpi_engine", "api_readings_around"), scope).fetchall()
    time = np.array([row[0] for row in rows], dtype=np.int64)
    return time, np.array([row[1] for row in rows], dtype=np.float64)


def _window(series: StoredSeries, bounds: Instants) -> Windows:
    linear = series.definition.interpolation is Interpolation.LINEAR
    return Windows(
        series_id=np.array([series.series_id]),
        start=bounds[:1],
        end=bounds[-1:],
        max_gap=np.array([series.max_gap]),
        interval=np.array([series.expected_interval]),
        is_register=np.array([series.kind == ReadingKind.REGISTER]),
        is_gauge=np.array([series.kind == ReadingKind.GAUGE]),
        is_linear=np.array([linear]),
    )
