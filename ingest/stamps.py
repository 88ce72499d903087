"""What stamps mean: the time that a device gives, and when its reading is complete, which is when it is stored."""

from collections.abc import Sequence

import numpy as np

from ingest.model.catalogue import Series
from ingest.model.observation import IntColumn


class Stamps:
    """The stamps of some series, numbered by their place; None for what is no series."""

    def __init__(self, series: Sequence[Series | None]) -> None:
        alike: dict[tuple[object, ...], int] = {}  # few ways of stamping, however many series
        self._of = np.zeros(len(series), np.int64)
        self._first: list[Series] = []
        for place, one in enumerate(series):
            if one is not None and not one.is_stored_as_stamped:
                way = alike.setdefault((one.interval, one.zone), len(alike) + 1)
                self._of[place] = way
                if way > len(self._first):
                    self._first.append(one)

    def complete_at(self, stamp: IntColumn, place: IntColumn) -> IntColumn:
        """Return when readings of the series at ``place`` are complete, by the stamps that were given."""
        if not self._first:
            return stamp
        time, way = stamp.copy(), self._of[place]
        for number, series in enumerate(self._first, start=1):
            rows = np.flatnonzero(way == number)
            time[rows] = series.complete_at(stamp[rows])
        return time
