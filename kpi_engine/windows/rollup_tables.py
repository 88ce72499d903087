"""Rollups of many series at once, in the columns in which they are read: a row is a Rollup when it is looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isnan
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Period
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.windows.rollups import READ, read_columns
from processors.steps.columns import ABSENT, Ints, Mask
from processors.steps.rollup import Rollup
from processors.storage.binary_copy import Column
from processors.storage.database import Connection

ROWS_AT_ONCE: Final = 60_000  # of a query: memory is bounded


@dataclass(frozen=True)
class RollupTable:
    """What is stored of one bucket, by series in their order; ``columns`` as of Rollup, ABSENT and NaN for None."""

    series: Ints
    columns: Mapping[str, Column]

    def places(self, ids: Ints) -> tuple[Ints, Mask]:
        """Return the row of each series, and whether there is one."""
        if not len(self.series):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        places = np.minimum(np.searchsorted(self.series, ids), len(self.series) - 1)
        return places, self.series[places] == ids

    def row(self, place: int) -> Rollup:
        """Return one row."""
        values: dict[str, Any] = {name: column.item(place) for name, column in self.columns.items()}
        unknown = {name for name, value in values.items() if value == ABSENT or isnan(value)}
        return Rollup(**{**values, **dict.fromkeys(unknown)})

    def get(self, series_id: int) -> Rollup | None:
        """Return the row of a series; None where there is none."""
        place = self._place.get(series_id)
        return None if place is None else self.row(place)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {series: place for place, series in enumerate(self.series.tolist())}


NOTHING: Final = RollupTable(np.empty(0, np.int64), {name: np.empty(0) for name in READ})


class RollupTables:
    """The rollups that were read, a table for each bucket."""

    def __init__(self, tables: Mapping[Tile, RollupTable]) -> None:
        self._tables = tables

    def table(self, tile: Tile) -> RollupTable:
        """Return what is stored of a bucket."""
        return self._tables.get(tile, NOTHING)

    def get(self, key: tuple[int, Tile]) -> Rollup | None:
        """Return the rollup of a series in a bucket; None where nothing is stored."""
        series_id, tile = key
        return self.table(tile).get(series_id)


def read_tables(connection: Connection, wanted: Mapping[Tile, Ints]) -> RollupTables:
    """Return what is stored of the series ``wanted`` of each bucket, each of them once and in order."""
    found: dict[Tile, RollupTable] = {}
    for period in dict.fromkeys(tile.period for tile in wanted):
        for portion in _portions([(tile, ids) for tile, ids in wanted.items() if tile.period is period]):
            found |= _read(connection, period, portion)
    return RollupTables(found)


def _portions(wanted: Sequence[tuple[Tile, Ints]]) -> Iterator[list[tuple[Tile, Ints]]]:
    portion: list[tuple[Tile, Ints]] = []
    size = 0
    for tile, ids in wanted:
        portion.append((tile, ids))
        size += len(ids)
        if size >= ROWS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _read(connection: Connection, period: Period, wanted: Sequence[tuple[Tile, Ints]]) -> dict[Tile, RollupTable]:
    """Return the rollups of a portion, by the buckets as they are stored."""
    buckets = np.repeat([tile.bucket for tile, _ in wanted], [len(ids) for _, ids in wanted])
    columns = read_columns(connection, period, np.concatenate([ids for _, ids in wanted]), buckets)
    series, named = columns[0].astype(np.int64), dict(zip(READ, columns[1:], strict=True))
    order = np.lexsort((series, named["bucket_end"], named["bucket"]))
    keys = np.stack([named["bucket"], named["bucket_end"], series]).astype(np.int64)[:, order]
    is_new = np.append(True, np.any(np.diff(keys, axis=1) != 0, axis=0))[: len(order)]  # zones may ask for the same one
    keys, order = keys[:, is_new], order[is_new]
    named = {name: column[order] for name, column in named.items()}
    edges = np.flatnonzero(np.any(np.diff(keys[:2], axis=1) != 0, axis=0)) + 1
    return {
        Tile(period, *keys[:2, a].tolist()): RollupTable(keys[2, a:b], {n: column[a:b] for n, column in named.items()})
        for a, b in pairwise([0, *edges.tolist(), len(order)])
        if a < b
    }
