"""Days on which registers fell. Whether a fall is a reset or an error, the readings around it decide.

A late reading near a fall may change that decision, so rollups are computed again as far as it reaches. The days are
kept in the database and in memory, by the one worker that writes them. A day stays listed when its fall turns out to be
none: rollups are then computed again without need, and come out the same.
"""

from typing import Final

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.time import DAY, from_micros
from processors.series.rollup_columns import SeriesColumns
from processors.steps.columns import Ints, Mask, Readings, Spans
from processors.steps.registers import reach_of
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class RegisterFalls:
    """The days (UTC) on which registers of a catalogue fell, and the instants at which meters were replaced."""

    def __init__(self, connection: Connection, series: SeriesColumns) -> None:
        self._connection = connection
        self._series = series
        self._decides = series.most_demanding.decides
        self._usual = series.lengths.usual
        rows = connection.execute(SQL["register_falls"]).fetchall()
        self._days: dict[int, Instants] = {}
        for series_id, days in rows:
            self._days[series_id] = np.array(days, np.int64)
        swaps = series.swaps
        self._swaps = {one: swaps.time[swaps.of(one)] for one in np.unique(swaps.series_id).tolist()}

    def reach(self, series_id: Ints) -> Ints:
        """Return how far from a fall a reading may change what was counted, microseconds."""
        excursion = self._series.most_demanding.excursion[series_id]
        return reach_of(excursion, self._usual[series_id])

    def note(self, readings: Readings, series_id: Ints) -> None:
        """Keep the days on which ``readings`` of slots, whose series are ``series_id``, fall."""
        lower = readings.value[1:] < readings.value[:-1]
        fell = np.flatnonzero(lower & (readings.slot[1:] == readings.slot[:-1])) + 1
        fell = fell[self._decides[series_id[readings.slot[fell]]]]
        if not len(fell):
            return
        found = np.unique(np.stack([series_id[readings.slot[fell]], readings.time[fell] // DAY * DAY]), axis=1)
        for one in np.unique(found[0]).tolist():
            known = self._days.get(one, np.empty(0, np.int64))
            new = np.setdiff1d(found[1][found[0] == one], known)
            if len(new):
                self._days[one] = np.union1d(known, new)
                days = [from_micros(day).date() for day in new.tolist()]
                self._connection.execute(SQL["register_fall_add"], {"series_id": one, "days": days})

    def near(self, spans: Spans) -> Mask:
        """Return which spans lie so near a fall or a replacement that readings in them may change what was counted."""
        found = np.zeros(len(spans), np.bool_)
        if not self._days and not self._swaps:
            return found
        known = np.isin(spans.series_id, np.array([*self._days, *self._swaps], np.int64))
        rows = np.flatnonzero(known & self._decides[spans.series_id])
        for row, reach in zip(rows.tolist(), self.reach(spans.series_id[rows]).tolist(), strict=True):
            start, end = int(spans.start[row]) - reach, int(spans.end[row]) + reach
            one = int(spans.series_id[row])
            found[row] = _holds(self._days.get(one), start - DAY, end) or _holds(self._swaps.get(one), start, end)
        return found

    def around(self, spans: Spans) -> Spans:
        """Return ``spans``, those near a fall widened by how far their readings may change what was counted."""
        reach = np.where(self.near(spans), self.reach(spans.series_id), 0)
        return Spans(spans.series_id, spans.start - reach, spans.end + reach)


def _holds(instants: Instants | None, start: int, end: int) -> bool:
    """Whether any of some instants, in order, lies in [start, end]."""
    if instants is None:
        return False
    first, last = np.searchsorted(instants, [start, end + 1])
    return bool(last > first)
