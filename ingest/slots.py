"""The pairs of series and conversion that messages have met: what observations are gathered and converted by."""

import numpy as np

from ingest.model.catalogue import Series
from ingest.model.observation import FloatColumn, IntColumn
from ingest.model.quantities.units import Conversion
from ingest.stamps import Stamps


class Slots:
    """The pairs of series and conversion met so far, numbered; their numbers are indices into the columns."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, Conversion], int] = {}
        self._series: list[Series] = []
        self._columns: tuple[IntColumn, FloatColumn, FloatColumn, Stamps] | None = None

    def of(self, series: Series, reading: Conversion) -> int:
        """Return the number of ``series`` read through ``reading``."""
        key = series.series_id, reading
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self._series.append(series)
            self._columns = None
        return self._numbers[key]

    def columns(self) -> tuple[IntColumn, FloatColumn, FloatColumn, Stamps]:
        """Return series ids, scales and offsets by slot, and what the stamps of slots mean."""
        if self._columns is None:
            self._columns = (
                np.array([series_id for series_id, _ in self._numbers], np.int64),
                np.array([reading.scale for _, reading in self._numbers], np.float64),
                np.array([reading.offset for _, reading in self._numbers], np.float64),
                Stamps(self._series),
            )
        return self._columns
