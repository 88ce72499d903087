"""The instants of a column of times, in each of the ways in which mapping files say that times are written."""

from typing import Final

import polars as pl

from ingest.errors import MappingError
from ingest.history.mapping import TimeColumn
from ingest.history.wall_clock import Instants
from ingest.model.time import HOUR

_LABEL: Final = r"^\s*(\d{1,2})(?::00(?::00)?)?\s*$"
_LAST: Final = 24


def instants(frame: pl.DataFrame, column: TimeColumn) -> Instants:
    """Return when rows were; raises MappingError where hours are numbered, which clocks cannot tell."""
    text = frame[column.column]
    if column.epoch is not None:
        return Instants.since_1970(text, column.epoch.micros)
    if column.hour is not None:
        return _of_hours(frame, column, column.hour)
    return Instants.of(text, column.format, column.zone)


def _of_hours(frame: pl.DataFrame, column: TimeColumn, name: str) -> Instants:
    """Return the ends of hours of days: what clocks showed at their begin, and an hour later."""
    label = frame[name].str.extract(_LABEL).cast(pl.Int64, strict=False)
    if (label > _LAST).any():
        found = f"column {name}: the hours of a day are numbered beyond {_LAST}"
        raise MappingError(f"{found}; expected hours by the clock, 1 to {_LAST}, of which autumn has one twice")
    day = frame[column.column].str.strip_chars().str.to_date(column.format, strict=False)
    hours = pl.when(label >= 1).then(label - 1)
    shown = pl.select((day.cast(pl.Datetime("us")) + pl.duration(hours=hours)).dt.to_string("%Y-%m-%d %H:%M"))
    return Instants.of(shown.to_series(), "%Y-%m-%d %H:%M", column.zone).later(HOUR)
