"""Rows of files without times become observations: their mapping declares when the first begins and how long each is.

A row whose own month, hour or weekday disagrees with that is refused, and never moved: the declared axis is an
assumption, and the file is then not the one that it was made for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.decoder import quoted
from ingest.errors import MappingError
from ingest.history.axis_mapping import AxisMapping, AxisValue, StandsFor, TimeAxis
from ingest.history.columns import Observed, ValueCells, numbers, observations
from ingest.history.declared_units import coefficients, conversions
from ingest.history.rows import Rows
from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue, Series
from ingest.model.city.assets import City, Fact
from ingest.model.declarations.declaration import LAST_INSTANT
from ingest.model.observation import FloatColumn, IntColumn, Mask, Refusal, Resolved
from ingest.model.reading import ReadingKind, Stamping
from ingest.model.time import DAY, HOUR, isoformat, to_micros
from ingest.reasons import Reason

MONTHS_A_YEAR: Final = 12
DAYS_A_WEEK: Final = 7
EPOCH_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday, counting from Monday as 0


def resolve(rows: Rows, first: int, mapping: AxisMapping, catalogue: Catalogue, city: str) -> Resolved:
    """Turn rows of text into observations; ``first`` is the number of the first of ``rows`` within its file.

    Every present value is in the result: once where it stands for an instant or an amount, twice where it is the mean
    of an interval. Raises MappingError where a column is missing, or a series cannot take what the mapping says.
    """
    rows.require(mapping.columns)
    if mapping.axis.first + (first + len(rows)) * mapping.axis.length > to_micros(LAST_INSTANT):
        last = f"row {first + len(rows)} of the axis of {mapping.name}"
        raise MappingError(f"{rows.topic}: {last} is after {LAST_INSTANT:%Y-%m-%d}; expected fewer or shorter steps")
    return _Resolution(rows, _Steps(mapping.axis, first, len(rows)), mapping, catalogue, city).resolved()


@dataclass(frozen=True)
class _Steps:
    """The intervals of some rows of a file."""

    axis: TimeAxis
    first: int
    count: int

    @property
    def begin(self) -> IntColumn:
        """When each interval begins, in microseconds."""
        return self.axis.first + np.arange(self.first, self.first + self.count, dtype=np.int64) * self.axis.length

    @property
    def end(self) -> IntColumn:
        """When each interval ends."""
        return self.begin + self.axis.length

    @property
    def stamp(self) -> IntColumn:
        """The instant each row is named after."""
        return self.end if self.axis.stamping is Stamping.END else self.begin

    def calendar(self) -> dict[str, IntColumn]:
        """Return month, hour and weekday of each row by the file's own clock."""
        is_end = self.axis.stamping is Stamping.END
        wall = (self.end - 1 if is_end else self.begin) + self.axis.offset  # 24 o'clock belongs to the day it ends
        months = wall.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        return {
            "month": months % MONTHS_A_YEAR + 1,
            "hour": wall % DAY // HOUR + int(is_end),
            "weekday": (wall // DAY + EPOCH_WEEKDAY) % DAYS_A_WEEK + 1,
        }


class _Resolution:
    """Some rows on their way to observations."""

    def __init__(self, rows: Rows, steps: _Steps, mapping: AxisMapping, catalogue: Catalogue, city: str) -> None:
        self._rows, self._steps, self._mapping = rows, steps, mapping
        self._city, self._catalogue = catalogue.cities[city], catalogue
        self._refusals: list[Refusal] = []

    def resolved(self) -> Resolved:
        """Resolve every column of values on the rows that agree with the axis."""
        agrees = self._agreeing()
        parts = [part for column in self._mapping.values for part in self._column(column, agrees)]
        return Resolved(observations(parts, self._rows.received_at), self._refusals)

    def _agreeing(self) -> Mask:
        """Return which rows are where the file itself says they are."""
        expected, agrees = self._steps.calendar(), np.ones(self._steps.count, np.bool_)
        named = self._mapping.axis.agrees_with.named
        for what, column in named.items():
            agrees &= numbers(self._rows.frame[column], ".") == expected[what]
        for row in np.flatnonzero(~agrees).tolist():
            due = " and ".join(f"{column} {expected[what][row]}" for what, column in named.items())
            found = " and ".join(f"{column} {quoted(self._rows.frame[column][row])}" for column in named.values())
            when = isoformat(self._steps.begin[row])
            detail = f"row {self._steps.first + row + 1} has {found}; by the axis it begins at {when} with {due}"
            present = sum(self._rows.frame[value.column][row] is not None for value in self._mapping.values)
            self._refuse(row, (Reason.BAD_TIME, "axis"), detail, None, present)
        return agrees

    def _column(self, column: AxisValue, agrees: Mask) -> Iterator[Observed]:
        """Yield row, series, time and value of what a column says."""
        text = self._rows.frame[column.column]
        given = agrees & text.is_not_null().to_numpy()
        device = self._catalogue.devices.get((self._city.name, column.device))
        series = device.reported(column.quantity) if device else None
        yield (np.empty(0, np.int64),) * 4
        if device is None or series is None:
            reason = Reason.UNKNOWN_DEVICE if device is None else Reason.UNKNOWN_QUANTITY
            self._refuse_values(given, reason, f"{column.quantity} of {quoted(column.device)} is not declared", column)
            return
        cells = ValueCells.of(text, self._mapping.decimal, series.states)
        scale = self._scale(column, device.site)
        readable, scaled = cells.is_readable, np.isfinite(scale)
        expected = f"known states are {', '.join(series.states)}" if series.states else "expected a number"
        self._refuse_values(given & ~readable, cells.unreadable, expected, column)
        unknown = f"{device.site} states no {column.per_fact} for that day"
        self._refuse_values(given & readable & ~scaled, Reason.UNIT_MISMATCH, unknown, column)
        row = np.flatnonzero(given & readable & scaled)
        read, offset = coefficients(conversions(series, column.unit), self._steps.stamp[row])
        canonical = cells.times(scale).canonical(row, read, offset)
        for time in self._times(column, series):
            yield row, np.full(len(row), series.series_id), time[row], canonical

    def _times(self, column: AxisValue, series: Series) -> Iterator[IntColumn]:
        """Yield the times at which a value is stored; a mean holds from the first to the last instant of its step."""
        if series.kind is ReadingKind.INTERVAL:
            if series.expected_interval != self._mapping.axis.length:
                raise MappingError(
                    f"{self._mapping.name}: {column.column}: rows are {self._mapping.axis.length / HOUR:g} h long, but "
                    f"{series.device} is declared with an expected_interval of {series.expected_interval / HOUR:g} h"
                )
            yield self._steps.end
        elif column.stands_for is StandsFor.INSTANT:
            yield self._steps.stamp
        elif series.kind is ReadingKind.GAUGE:
            yield self._steps.begin
            yield self._steps.end - 1
        else:
            raise MappingError(f"{self._mapping.name}: {column.column}: {series.quantity} is a register, no mean")

    def _scale(self, column: AxisValue, site: str) -> FloatColumn:
        """Return what each value is multiplied by; NaN where the fact that it is per unit of is not stated."""
        if column.per_fact is None:
            return np.ones(self._steps.count)
        scale, begin = np.full(self._steps.count, np.nan), self._steps.begin
        for fact in _facts(self._city, site, column.per_fact):
            since = -np.inf if fact.valid_from is None else day_start(fact.valid_from, self._city.timezone)
            until = np.inf if fact.valid_to is None else day_start(fact.valid_to, self._city.timezone)
            scale[(begin >= since) & (begin < until)] = fact.value
        return scale

    def _refuse_values(self, refused: Mask, reason: Reason, detail: str, column: AxisValue) -> None:
        for row in np.flatnonzero(refused).tolist():
            cell = quoted(self._rows.frame[column.column][row])
            fault = (reason, column.quantity)
            self._refuse(row, fault, f"column {column.column}: {cell}: {detail}", column.device, 1)

    def _refuse(self, row: int, fault: tuple[Reason, str], detail: str, native_id: str | None, readings: int) -> None:
        """Refuse readings of a row; ``fault``: why, and the part of the mapping or the quantity that is concerned."""
        device = self._catalogue.devices.get((self._city.name, native_id or ""))
        name = device.name if device else native_id
        if readings:
            reason, field = fault
            self._refusals.append(Refusal(row, reason, detail, readings, self._city.name, name, field))


def _facts(city: City, site: str, name: str) -> list[Fact]:
    return [fact for one in city.sites if one.name == site for fact in one.facts if fact.name == name]
