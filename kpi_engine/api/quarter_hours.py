"""Quarter hours of one series, computed from its readings when they are asked for; nothing stores them."""

from itertools import pairwise
from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, edges
from ingest.model.reading import Interpolation, ReadingKind
from ingest.model.registers import Decrease, Scope, Swap, read_stored
from ingest.model.time import DAY, MICROSECOND, MINUTE, from_micros
from kpi_engine.api.series import StoredSeries
from processors.rollups.given_intervals import attached
from processors.steps.columns import Floats, Ints, Mask, Readings, RollupColumns, concatenate
from processors.steps.contracts import Starts, changes, contracts, swaps
from processors.steps.excursions import REACH
from processors.steps.hours import Windows, hours
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.registers import span_of
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.readings import meters
from processors.storage.rollups.register_extent import RegisterReadings, Side, extent
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_READ: Final = (ColumnType.TIMESTAMP, ColumnType.DOUBLE, ColumnType.BOOLEAN)


def quarters(start: int, end: int, zone: str) -> Instants:
    """Return the edges of the civil quarter hours that cover [start, end)."""
    hour_edges = edges(start, end, Period.HOUR, zone)
    parts = [np.arange(first, last, 15 * MINUTE) for first, last in pairwise(hour_edges)]
    every = np.concatenate([*parts, hour_edges[-1:]])
    first, last = np.searchsorted(every, start, side="right") - 1, np.searchsorted(every, end, side="left")
    return every[first : last + 1]


def quarter_hours(connection: Connection, series: StoredSeries, bounds: Instants) -> RollupColumns:
    """Return the rollup of every quarter hour of ``bounds`` that readings touch, in order of time."""
    time, value, rejected = _readings(connection, series, bounds)
    if not len(time):
        return concatenate([])
    readings = Readings(np.zeros(len(time), np.int64), time, value)
    if series.kind == ReadingKind.INTERVAL:
        readings = attached(connection, readings, np.array([series.series_id]), np.zeros(1, np.int64))
    # One bucket on either side takes what the neighbours outside of the range say about times outside of it.
    window = _window(series, bounds)
    before = min(bounds[0], time[0] - window.lengths.reach[0], readings.earliest_begin) - 1
    after = max(bounds[-1], time[-1] + series.stamp_tolerance) + 1
    declared, replacements = read_stored(series.register_contract)
    if not replacements and series.kind == ReadingKind.REGISTER:
        found = meters.changes(connection, series.city, series.device)
        replacements = tuple(Swap(at=since) for since in found.get((series.city, series.device), ()))
    days = edges(int(before) - DAY, int(after) + DAY, Period.DAY, series.zone)
    return hours(
        readings.select(~rejected),
        window,
        np.concatenate([[before], bounds, [after]]),
        Starts(swaps([(series.series_id, replacements)]), days, changes([(series.series_id, declared)])),
        readings.select(rejected),
    )


def _readings(connection: Connection, series: StoredSeries, bounds: Instants) -> tuple[Ints, Floats, Mask]:
    time, value, rejected = _around(connection, series, int(bounds[0]), int(bounds[-1]))
    if series.kind != ReadingKind.REGISTER or not len(time):
        return time, value, rejected
    start, end = _extent(connection, series, time, value)
    is_whole = (start, end) == (time[0], time[-1])
    return (time, value, rejected) if is_whole else _around(connection, series, start, end)


def _around(connection: Connection, series: StoredSeries, start: int, end: int) -> tuple[Ints, Floats, Mask]:
    """Return time and value of readings, and which of them figures leave out."""
    time, value, rejected = readings_around(connection, series, start, end)
    # Of registers the steps decide again what did not happen.
    return time, value, rejected & (series.kind != ReadingKind.REGISTER)


def readings_around(connection: Connection, series: StoredSeries, start: int, end: int) -> tuple[Ints, Floats, Mask]:
    """Return time and value of the readings in a range and its neighbours, and which of them were rejected."""
    # An interval reading after the end still speaks of time before it, as far as its expected interval reaches.
    scope = {"series_id": series.series_id, "start": from_micros(start), "end": from_micros(end)}
    time, value, rejected = read_arrays(connection, SQL["api_readings_around"], scope, _READ)
    order = np.argsort(time)
    return time[order].astype(np.int64), value[order].astype(np.float64), rejected[order].astype(np.bool_)


def _extent(connection: Connection, series: StoredSeries, time: Ints, value: Floats) -> tuple[int, int]:
    """Return from when to when the readings of a register must be known: see processors.rollups.register_context."""
    declared, swapped = read_stored(series.register_contract)
    start, end = int(time[0]), int(time[-1])
    excursions = [contract for contract in declared.values if contract.decrease is Decrease.DECIDE]
    if excursions:
        span = max(contract.longest_excursion // MICROSECOND for contract in excursions)
        reach = REACH * int(span_of(np.array([span]), np.array([series.expected_interval]))[0])
        scope = {"series_id": series.series_id, "start": from_micros(start - reach), "end": from_micros(end + reach)}
        fallen = connection.execute(SQL["api_register_fell"], scope).fetchone()
        if swapped or (np.diff(value) < 0.0).any() or (fallen and fallen[0]):
            start, end = start - reach, end + reach
    if any(contract.scope is Scope.DAY for contract in declared.values):
        start, end = start - DAY, end + DAY
    jitter = max(contract.jitter for contract in declared.values)
    if jitter:
        first = RegisterReadings(np.array([series.series_id]), time[:1], np.array([jitter]))
        start = min(start, int(extent(connection, Side.BEFORE, first)[0]))
    return start, end


def _window(series: StoredSeries, bounds: Instants) -> Windows:
    declared, _ = read_stored(series.register_contract)
    linear = series.definition.interpolation is Interpolation.LINEAR
    return Windows(
        series_id=np.array([series.series_id]),
        start=bounds[:1],
        end=bounds[-1:],
        max_gap=np.array([series.max_gap]),
        filling=np.array([series.filling]),
        is_register=np.array([series.kind == ReadingKind.REGISTER]),
        is_gauge=np.array([series.kind == ReadingKind.GAUGE]),
        is_linear=np.array([linear]),
        lengths=Lengths.of([Kind(series.interval, series.zone)], [series.stamp_tolerance]),
        contracts=contracts([declared.first if series.kind == ReadingKind.REGISTER else None]),
    )
