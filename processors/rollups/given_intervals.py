"""The intervals that sources gave both edges of: what of them a window needs, and what a touched reading reaches.

An interval counts from the end of the one before it at the earliest, so the readings around a window tell all that lies
in it, however long their intervals are. The first reading of a series has none before it: it reaches as far back as it
says.
"""

from dataclasses import replace

import numpy as np

from processors.series.rollup_columns import SeriesColumns
from processors.steps.columns import ABSENT, Ints, Readings, Spans
from processors.storage.database import Connection
from processors.storage.interval_begins import chosen, earliest


class GivenIntervals:
    """Reads the store for the series of a catalogue."""

    def __init__(self, connection: Connection, columns: SeriesColumns) -> None:
        self._connection = connection
        self._is_differential = columns.is_differential

    def begins(self, spans: Spans) -> Ints:
        """Return where the earliest interval begins that a reading in [start, end] may speak of; else its start."""
        begin, rows = spans.start.copy(), self._rows(spans.series_id)
        if len(rows):
            begin[rows] = earliest(self._connection, spans.select(rows))
        return begin

    def attached(self, readings: Readings, series_id: Ints) -> Readings:
        """Return readings with the begins of their intervals, as far as they are given; ``series_id`` by slot."""
        rows = self._rows(series_id)
        return attached(self._connection, readings, series_id, rows) if len(rows) and len(readings) else readings

    def _rows(self, series_id: Ints) -> Ints:
        return np.flatnonzero(~self._is_differential[series_id])


def attached(connection: Connection, readings: Readings, series_id: Ints, slots: Ints) -> Readings:
    """Return readings with what was given of the begins of those of some ``slots``, and which of them are estimated."""
    first = np.searchsorted(readings.slot, slots, side="left")
    end = np.searchsorted(readings.slot, slots, side="right")
    is_read = first < end
    slots, first, end = slots[is_read], first[is_read], end[is_read]
    found = chosen(connection, Spans(series_id[slots], readings.time[first], readings.time[end - 1]))
    if not len(found):
        return readings
    begin, estimated = np.full(len(readings), ABSENT), np.zeros(len(readings), np.bool_)
    for number in np.unique(found.slot).tolist():
        own, of = slice(first[number], end[number]), found.slot == number
        row = first[number] + np.searchsorted(readings.time[own], found.time[of])
        is_held = (readings.time[row] == found.time[of]) & (readings.value[row] == found.value[of])
        begin[row[is_held]] = found.begin[of][is_held]
        estimated[row[is_held]] = found.estimated[of][is_held]
    return replace(readings, begin=begin, estimated=estimated)
