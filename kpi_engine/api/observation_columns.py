"""The readings of one series as the interface lists them, in columns: one for each field of ``Observation``."""

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from ingest.model.reading import Quality, ReadingKind
from kpi_engine.api.json_rows import INSTANT
from kpi_engine.api.observed_intervals import begins
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import StoredSeries
from processors.steps.columns import ABSENT, Ints
from processors.steps.reading_quality import QualityFlag, judgements
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_TIME, _NUMBER, _CODE = ColumnType.TIMESTAMP, ColumnType.DOUBLE, ColumnType.INTEGER
_READ: Final = (_TIME, _NUMBER, _CODE, _TIME, _CODE)
_QUALITIES: Final = pl.Series([quality.name.lower() for quality in sorted(Quality)])
_FLAGS: Final = pl.Series([judgements(flags) for flags in range(2 * max(QualityFlag))], dtype=pl.List(pl.String))


def observations(
    connection: Connection, series: StoredSeries, within: TimeRange, after: datetime | None, limit: int
) -> pl.DataFrame:
    """Return at most ``limit`` readings of a range, in order of time; those after a time where one is given."""
    scope = {"series_id": series.series_id, "start": within.start_time, "end": within.end_time}
    found = read_arrays(connection, SQL["api_observations"], {**scope, "after": after, "limit": limit}, _READ)
    order = np.argsort(found[0])
    time, quality, received, flags = (found[place][order].astype(np.int64) for place in (0, 2, 3, 4))
    value = found[1][order].astype(np.float64)
    begin = np.full(len(time), ABSENT)
    if series.kind == ReadingKind.INTERVAL:
        begin = begins(connection, series.series_id, time, value)
    return pl.DataFrame(
        {
            "time": _instants(time),
            "begin": _instants(begin),
            "value": value,
            "state": _states(series, value.astype(np.int64)),
            "quality": _QUALITIES.gather(quality),
            "received_at": _instants(received),
            "flags": _FLAGS.gather(flags),
            "rejected": flags & QualityFlag.REJECTED.value > 0,
        }
    )


def _instants(micros: Ints) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == ABSENT), None).cast(INSTANT)


def _states(series: StoredSeries, places: Ints) -> pl.Series:
    """Return the names of states by their places; nulls where values are numbers."""
    names = series.definition.states
    return pl.Series(names).gather(places) if names else pl.Series([None] * len(places), dtype=pl.String)
