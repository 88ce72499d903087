"""The rows of history files to observations, as their mapping says.

A row of the file is one message. Rows are resolved in columns: what cannot be is refused row by row, with the reason a
live message would get.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.decoder import SERIAL_NUMBER, quoted
from ingest.errors import MappingError
from ingest.history.clocks import instants
from ingest.history.columns import Observed, ValueCells, numbers, observations
from ingest.history.declared_units import coefficients, conversions
from ingest.history.mapping import HistoryValue, Mapping, TimeColumn
from ingest.history.row_times import Passes, RowTimes, double_hours
from ingest.model.catalogue import Catalogue, DeviceEntry
from ingest.model.columns import RowsOnDemand
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import (
    FloatColumn,
    IntColumn,
    Mask,
    RawMessage,
    Refusal,
    Resolved,
    Sighting,
)
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.units import Conversion
from ingest.model.revision import MICROS_A_MILLISECOND, UNREVISED
from ingest.model.succession import Succession
from ingest.reasons import Reason
from ingest.stamps import Stamps


@dataclass(frozen=True)
class Rows(RowsOnDemand[RawMessage]):
    """The rows of a frame as messages, made only when one is asked for: when it is refused."""

    frame: pl.DataFrame
    topic: str
    received_at: int

    def __len__(self) -> int:
        return self.frame.height

    def at(self, place: int) -> RawMessage:
        """Return the row at a place as a message."""
        return RawMessage(self.topic, msgspec.json.encode(self.frame.row(place, named=True)), self.received_at)

    def require(self, columns: Sequence[str]) -> None:
        """Raise MappingError where a column is missing."""
        if missing := [column for column in columns if column not in self.frame.columns]:
            raise MappingError(f"{self.topic}: no column {', '.join(missing)}; it has {', '.join(self.frame.columns)}")

    def part(self, indices: Sequence[int]) -> "Rows":
        """Return the rows of an unbroken span of indices, which count from 0 again."""
        start = indices[0] if indices else 0
        return Rows(self.frame.slice(start, len(indices)), self.topic, self.received_at)


def resolve(
    rows: Rows, mapping: Mapping, catalogue: Catalogue, city: str, within: tuple[Passes, int] | None = None
) -> Resolved:
    """Turn rows of text into observations of ``city``'s series; every present value is in the result exactly once.

    ``within``: the double hours of the file that the rows are part of, and the number of the first of them; where it is
    None they are all of the file.
    """
    rows.require(mapping.columns)
    passes, first = within or (double_hours(lambda: [rows.frame], mapping), 0)
    return _Resolution(rows, RowTimes(rows.frame, mapping, passes, first), mapping, catalogue, city).resolved()


class _Resolution:
    """One frame on its way to observations."""

    def __init__(self, rows: Rows, times: RowTimes, mapping: Mapping, catalogue: Catalogue, city: str) -> None:
        self._rows, self._times, self._mapping, self._city = rows, times, mapping, city
        self._refusals: list[Refusal] = []
        self._codes, self._devices = _devices(rows.frame, mapping, catalogue, city)
        present = _present(rows.frame, mapping)
        for fault in times.faults:
            bad = (Reason.BAD_TIME, fault.key)
            self._refuse_rows(fault.rows & (present > 0), present, bad, fault.column, fault.because)
        known = np.array([device is not None for device in self._devices], np.bool_)[self._codes]
        unknown = (Reason.UNKNOWN_DEVICE, "device")
        self._refuse_rows(times.usable & ~known & (present > 0), present, unknown, mapping.device.column)
        self._usable = times.usable & known
        self._revision = self._revisions(present)

    def resolved(self) -> Resolved:
        """Resolve every column of values."""
        parts = [self._column(column) for column in self._mapping.values]
        batch = observations(parts, self._rows.received_at, self._revision, self._times.begin, self._estimated())
        return Resolved(batch, self._refusals, list(self._sightings()))

    def _revisions(self, present: npt.NDArray[np.int64]) -> FloatColumn | None:
        """Return when each row's values were issued, where a column says so; refuses rows that say it unreadably."""
        column = self._mapping.revision
        if not isinstance(column, TimeColumn):
            return None
        text = self._rows.frame[column.column]
        issued = instants(self._rows.frame, column)
        time, timed = issued.first, issued.known & ~issued.are_double
        number = numbers(text, self._mapping.decimal)
        revision = np.where(timed, time / MICROS_A_MILLISECOND, number)
        is_given = text.is_not_null().to_numpy()
        is_bad = is_given & ~np.isfinite(revision)
        revision[~is_given] = UNREVISED
        refused = self._usable & is_bad & (present > 0)
        self._refuse_rows(refused, present, (Reason.BAD_REVISION, "revision"), column.column)
        self._usable &= ~is_bad
        return revision

    def _sightings(self) -> Iterator[Sighting]:
        """Yield which meter each row was read from, where it says so."""
        if self._mapping.serial_number is None:
            return
        text = self._rows.frame[self._mapping.serial_number].fill_null("").str.strip_chars()
        row, time = np.arange(len(text)), self._times.time
        rows = pl.DataFrame({"row": row, "code": self._codes, "time": time, "serial": text})
        identified = rows.filter(pl.Series(self._usable) & text.str.contains(f"^{SERIAL_NUMBER}$"))
        for row, code, time, serial in identified.rows():
            if device := self._devices[code]:
                yield Sighting(device.device_id, serial, time, row)

    def _estimated(self) -> Mask | None:
        """Return which rows were not read at a meter, where a column says so."""
        estimated = self._mapping.estimated
        if estimated is None:
            return None
        text = self._rows.frame[estimated.column].str.strip_chars()
        return text.is_in(estimated.texts).fill_null(value=False).to_numpy()

    def _column(self, column: HistoryValue) -> Observed:
        text = self._rows.frame[column.column]
        states = QUANTITIES[column.quantity].states if column.quantity in QUANTITIES else ()
        cells = ValueCells.of(text, self._mapping.decimal, states)
        given, readable = cells.is_given & self._usable & _speaking(self._rows.frame, column), cells.is_readable
        series = [device.reported(column.quantity) if device else None for device in self._devices]
        reported = np.array([one is not None for one in series], np.bool_)[self._codes]
        self._refuse_values(given & ~reported, column, Reason.UNKNOWN_QUANTITY)
        self._refuse_values(given & reported & ~readable, column, cells.unreadable)
        row = np.flatnonzero(given & reported & readable)
        code = self._codes[row]
        scale, offset = self._coefficients([conversions(one, column.unit) if one else None for one in series], row)
        series_id = np.array([one.series_id if one else -1 for one in series], np.int64)[code]
        time = self._complete_at(Stamps(series), row)
        return row, series_id, time, cells.canonical(row, scale, offset)

    def _complete_at(self, stamps: Stamps, row: IntColumn) -> IntColumn:
        """Return when readings of rows are complete: at the end of their interval, where it is given."""
        time, end = stamps.complete_at(self._times.time[row], self._codes[row]), self._times.end
        return time if end is None else np.where(end[row] == UNGIVEN, time, end[row])

    def _coefficients(
        self, reads: list[Succession[Conversion] | None], row: IntColumn
    ) -> tuple[FloatColumn, FloatColumn]:
        """Return the scale and the offset of each row; ``reads`` by the code of its device."""
        code = self._codes[row]
        scale = np.array([read.first.scale if read else 1.0 for read in reads])[code]
        offset = np.array([read.first.offset if read else 0.0 for read in reads])[code]
        for one, read in enumerate(reads):
            if read and read.later:
                rows = code == one
                scale[rows], offset[rows] = coefficients(read, self._times.time[row[rows]])
        return scale, offset

    def _refuse_rows(
        self,
        refused: Mask,
        readings: npt.NDArray[np.int64],
        fault: tuple[Reason, str],
        column: str | None,
        because: str = "",
    ) -> None:
        for row in np.flatnonzero(refused).tolist():
            self._refuse(row, fault, column, int(readings[row]), because)

    def _refuse_values(self, refused: Mask, column: HistoryValue, reason: Reason) -> None:
        for row in np.flatnonzero(refused).tolist():
            self._refuse(row, (reason, column.quantity), column.column, 1)

    def _refuse(
        self, row: int, fault: tuple[Reason, str], column: str | None, readings: int, because: str = ""
    ) -> None:
        """Refuse readings of a row; ``fault``: why, and the part of the mapping or the quantity that is concerned."""
        reason, field = fault
        device = self._devices[self._codes[row]]
        cell = self._rows.frame[column][row] if column else self._mapping.device.native_id
        detail = f"column {column}: {quoted(cell)}" if column else f"device {quoted(cell)}"
        detail = f"{detail}, {because}" if because else detail
        name = device.name if device else None
        self._refusals.append(Refusal(row, reason, detail, readings, self._city, name, field))


def _present(frame: pl.DataFrame, mapping: Mapping) -> npt.NDArray[np.int64]:
    """Return the number of values each row holds."""
    parts = [frame[one.column].is_not_null().to_numpy() & _speaking(frame, one) for one in mapping.values]
    counted: IntColumn = np.sum(parts, axis=0, dtype=np.int64)
    return counted


def _speaking(frame: pl.DataFrame, column: HistoryValue) -> Mask:
    """Return which rows a column of values speaks in."""
    mask = np.ones(frame.height, np.bool_)
    for name, text in column.when.items():
        mask &= (frame[name].str.strip_chars() == text).fill_null(value=False).to_numpy()
    return mask


def _devices(
    frame: pl.DataFrame, mapping: Mapping, catalogue: Catalogue, city: str
) -> tuple[npt.NDArray[np.int64], list[DeviceEntry | None]]:
    """Return a code per row, and the device each code stands for."""
    if mapping.device.column is None:
        return np.zeros(frame.height, np.int64), [catalogue.devices.get((city, str(mapping.device.native_id)))]
    ids, called = frame[mapping.device.column].fill_null(""), mapping.device.ids
    unique = ids.unique(maintain_order=True)
    codes = ids.replace_strict(unique, pl.arange(len(unique), eager=True), return_dtype=pl.Int64)
    return codes.to_numpy(), [catalogue.devices.get((city, called.get(one, one))) for one in unique]
