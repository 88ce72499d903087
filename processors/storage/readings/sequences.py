"""Readings of many series as columns, series by series in order of time, a portion at a time: none becomes an object.

What is packed is taken a block at a time, as it is kept; what are rows, page by page. Both are in order and are merged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.time import from_micros
from processors.steps.columns import Floats, Ints
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType, join_arrays
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

SERIES_AT_ONCE: Final = 256
_TIME_BITS: Final = 54  # 570 years of microseconds; above them the place of a series among those at once
_TIME: Final = (1 << _TIME_BITS) - 1
_TIMESTAMP, _NUMBER, _PLACE, _CODE = ColumnType.TIMESTAMP, ColumnType.DOUBLE, ColumnType.INTEGER, ColumnType.SMALLINT


@dataclass(frozen=True)
class ReadingSequence(ColumnTable):
    """Readings in order: ``place`` of the series among those asked for, times in microseconds."""

    place: Ints
    time: Ints
    received: Ints
    value: Floats
    quality: Ints
    flags: Ints


@dataclass(frozen=True)
class _Portion(ColumnTable):
    """Readings in the order of ``key``: place of the series, then microseconds from the start of the range."""

    key: Ints
    received: Ints
    value: Floats
    quality: Ints

    def with_(self, other: "_Portion") -> "_Portion":
        if not len(other):
            return self
        both = _Portion.concatenate([self, other])
        return both.select(np.argsort(both.key, kind="stable"))


def readings_in_order(
    connection: Connection, series: Sequence[int], start: int, end: int, at_once: int
) -> Iterator[ReadingSequence]:
    """Yield the readings of series in [start, end), each time about ``at_once`` of them; a block is never divided."""
    for first in range(0, len(series), SERIES_AT_ONCE):
        reader = _Reader(connection, series[first : first + SERIES_AT_ONCE], start, end, at_once)
        for portion in _merged(reader.packed(), reader.rows()):
            place, time = portion.key >> _TIME_BITS, (portion.key & _TIME) + start
            flags = reader.flags(portion.key, place, time)
            yield ReadingSequence(place + first, time, portion.received, portion.value, portion.quality, flags)


@dataclass(frozen=True)
class _Reader:
    """Reads some series in [start, end)."""

    connection: Connection
    series: Sequence[int]
    start: int
    end: int
    at_once: int

    def packed(self) -> Iterator[_Portion]:
        """Yield the packed readings, whole blocks as long as they are not more than ``at_once``."""
        asked = {"series": list(self.series), "start": from_micros(self.start), "end": from_micros(self.end)}
        columns = read_arrays(self.connection, SQL["sequence_blocks_planned"], asked, (_PLACE, _TIMESTAMP, _PLACE))
        place, starts, readings = (column.astype(np.int64) for column in columns)
        place -= 1
        edges = np.flatnonzero(np.diff(np.cumsum(readings) // self.at_once)) + 1
        for part in np.split(np.arange(len(place)), edges):
            if len(part) and len(found := self._blocks(place[part], starts[part])):
                yield found

    def _blocks(self, place: Ints, starts: Ints) -> _Portion:
        series = np.array(self.series, np.int64)[place]
        result = self.connection.execute(
            SQL["sequence_blocks"], {"series": series, "starts": starts}, binary=True
        ).pgresult
        if result is None or result.ntuples != len(place):
            raise TypeError("expected a row for each block that was planned")
        at, counts = join_arrays(result, 0, ColumnType.BIGINT)
        received, _ = join_arrays(result, 1, ColumnType.BIGINT)
        value, _ = join_arrays(result, 2, _NUMBER)
        quality, _ = join_arrays(result, 3, _CODE)
        begins = np.repeat(starts, counts)
        time = begins + at.astype(np.int64)
        key = self._key(np.repeat(place, counts), time)
        arrived = begins + received.astype(np.int64)
        found = _Portion(key, arrived, value.astype(np.float64), quality.astype(np.int64))
        within = (time >= self.start) & (time < self.end)
        return found if within.all() else found.select(np.flatnonzero(within))

    def rows(self) -> Iterator[_Portion]:
        """Yield the readings that are rows, a page at a time."""
        first, start = 0, self.start
        while first < len(self.series):
            starts = [start, *[self.start] * (len(self.series) - first - 1)]
            series = list(self.series[first:])
            asked = {"series": series, "starts": starts, "end": from_micros(self.end), "limit": self.at_once}
            types = (_PLACE, _TIMESTAMP, _TIMESTAMP, _NUMBER, _CODE)
            place, time, received, value, quality = read_arrays(self.connection, SQL["sequence_rows"], asked, types)
            if not len(place):
                return
            key = self._key(place.astype(np.int64) + (first - 1), time.astype(np.int64))
            page = _Portion(key, received.astype(np.int64), value.astype(np.float64), quality.astype(np.int64))
            page = page.select(np.argsort(key, kind="stable"))
            yield page
            if len(page) < self.at_once:
                return
            last = int(page.key[-1])
            first, start = last >> _TIME_BITS, (last & _TIME) + self.start + 1

    def flags(self, key: Ints, place: Ints, time: Ints) -> Ints:
        """Return what readings were judged to be."""
        begins = np.flatnonzero(np.diff(place, prepend=-1))
        ends = np.append(begins[1:], len(place)) - 1
        held = place[begins]
        asked = {"series": np.array(self.series, np.int64)[held], "firsts": time[begins], "lasts": time[ends]}
        slot, at, found = read_arrays(self.connection, SQL["sequence_flags"], asked, (_PLACE, _TIMESTAMP, _CODE))
        flags = np.zeros(len(key), np.int64)
        if len(slot):
            wanted = self._key(held[slot.astype(np.int64) - 1], at.astype(np.int64))
            row = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            is_held = key[row] == wanted
            flags[row[is_held]] = found[is_held]
        return flags

    def _key(self, place: Ints, time: Ints) -> Ints:
        return (place << _TIME_BITS) + (time - self.start)


def _merged(packed: Iterator[_Portion], rows: Iterator[_Portion]) -> Iterator[_Portion]:
    """Yield what both yield, in one order; both are in it, and no key is in both."""
    one, other = next(packed, None), next(rows, None)
    while one is not None and other is not None:
        bound = min(one.key[-1], other.key[-1])
        until = [int(np.searchsorted(each.key, bound, side="right")) for each in (one, other)]
        yield one.select(slice(until[0])).with_(other.select(slice(until[1])))
        one = one.select(slice(until[0], None)) if until[0] < len(one) else next(packed, None)
        other = other.select(slice(until[1], None)) if until[1] < len(other) else next(rows, None)
    for left, source in ((one, packed), (other, rows)):
        if left is not None:
            yield left
            yield from source
