"""Columns of history files in their canonical unit: by the unit of the column, or the one declared for each time."""

import numpy as np

from ingest.model.catalogue import Series
from ingest.model.observation import FloatColumn, IntColumn
from ingest.model.quantities.units import Conversion, conversion
from ingest.model.succession import Succession


def conversions(series: Series, unit: str | None) -> Succession[Conversion]:
    """Return how readings of ``series`` are converted that are said to be in ``unit``, or in the one declared."""
    return series.conversions if unit is None else Succession(conversion(unit, series.unit))


def coefficients(reads: Succession[Conversion], instants: IntColumn) -> tuple[FloatColumn, FloatColumn]:
    """Return the scale and the offset of a reading at each of ``instants``."""
    places, every = reads.places(instants), reads.values
    scale, offset = (np.array([getattr(one, name) for one in every]) for name in ("scale", "offset"))
    return scale[places], offset[places]
