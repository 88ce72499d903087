"""What the steps and the store must know of each series, as columns indexed by series id.

Ids are given consecutively, so a column is about as long as there are series.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.observation import FloatColumn, IntColumn
from ingest.model.reading import ReadingKind

UNREGISTERED: Final = ""  # stands for the city of what nobody registered


class SeriesTable:
    """Columns by series id: ``city`` (index into ``cities``), plausible range [``low``, ``high``], and kinds.

    ``device_names``: the devices of city files, as pairs of city and name.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.cities: tuple[str, ...] = (UNREGISTERED, *catalogue.cities)
        self.city_index: Mapping[str, int] = {name: index for index, name in enumerate(self.cities)}
        self.device_names = frozenset((device.city, device.name) for device in catalogue.devices.values())
        length = max(catalogue.series, default=0) + 1
        self.city: IntColumn = np.zeros(length, np.int64)
        self.low: FloatColumn = np.full(length, np.nan)
        self.high: FloatColumn = np.full(length, np.nan)
        self.is_of_states = np.zeros(length, np.bool_)
        self.is_of_intervals = np.zeros(length, np.bool_)
        for series_id, series in catalogue.series.items():
            self.city[series_id] = self.city_index[series.city]
            self.low[series_id], self.high[series_id] = series.plausible
            self.is_of_states[series_id] = bool(series.states)
            self.is_of_intervals[series_id] = series.kind is ReadingKind.INTERVAL
