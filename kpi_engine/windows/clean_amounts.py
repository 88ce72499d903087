"""Amounts of many meters at once, of those of which all is known from edge to edge.

A series is clean where every bucket of its time is stored and bounded by readings, none of which is doubted. Nothing
stands for anything then, and only what was counted across an edge may lie on either side of it. The others take the way
of single rollups (kpi_engine/windows/meter_amounts.py), and both ways lead to the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.time import HOUR, SECOND
from kpi_engine.boundary.meter_table import SeriesColumn
from kpi_engine.evidence.amount_bounds import SLACK
from kpi_engine.evidence.amount_columns import NUMBERS
from kpi_engine.evidence.amount_entry import LARGEST
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.windows.rollup_tables import RollupTables
from processors.steps.columns import ABSENT, Floats, Ints, Mask, as_stored
from processors.steps.excursions import FACTOR
from processors.steps.hour_bounds import AmountColumns, edge_rates, hour_bounds
from processors.steps.rollup import MOSTLY

_HOUR_SECONDS: Final = HOUR / SECOND


@dataclass(frozen=True)
class CleanAmounts:
    """Entries of clean series, by their ``places`` among the meters: a row of ``numbers`` for each of NUMBERS."""

    places: Ints
    numbers: Floats
    is_open: Mask


def clean_amounts(series: SeriesColumn, is_whole: Mask, tiles: Sequence[Tile], rollups: RollupTables) -> CleanAmounts:
    """Return the entries of the clean ones among ``series`` over adjoining ``tiles``; ``is_whole``: who stands."""
    buckets = _Buckets(np.flatnonzero(series.is_plain & is_whole), series, tiles, rollups)
    buckets = buckets.take(buckets.is_clean)
    found = buckets.entries(series)
    fits = np.all((np.abs(found.numbers) <= LARGEST) | np.isnan(found.numbers), axis=0)
    return CleanAmounts(found.places[fits], found.numbers[:, fits], found.is_open[fits])


class _Buckets:
    """What is stored of series at ``places``, a row for each tile and a column for each of them."""

    def __init__(self, places: Ints, series: SeriesColumn, tiles: Sequence[Tile], rollups: RollupTables) -> None:
        tables = [rollups.table(tile) for tile in tiles]
        found = [table.places(series.ids[places]) for table in tables]
        is_stored = np.all([is_stored for _, is_stored in found], axis=0)
        self.places, self.tiles = places[is_stored], tiles
        self._is_register = series.is_register[self.places]
        self._rows = [(table, rows[is_stored]) for table, (rows, _) in zip(tables, found, strict=True)]
        self._known: dict[str, npt.NDArray[np.generic]] = {}

    def take(self, is_taken: Mask) -> "_Buckets":
        """Keep some of the series."""
        if is_taken.all():
            return self
        self._known = {}
        self.places, self._is_register = self.places[is_taken], self._is_register[is_taken]
        self._rows = [(table, rows[is_taken]) for table, rows in self._rows]
        return self

    def floats(self, name: str) -> Floats:
        """Return a column of numbers of every tile."""
        return self._rows_of(name).astype(np.float64, copy=False)

    def instants(self, name: str) -> Ints:
        """Return a column of instants of every tile."""
        return self._rows_of(name).astype(np.int64, copy=False)

    def _rows_of(self, name: str) -> npt.NDArray[np.generic]:
        if name not in self._known:
            columns = [table.columns[name][rows] for table, rows in self._rows]
            self._known[name] = columns[0][np.newaxis] if len(columns) == 1 else np.stack(columns)
        return self._known[name]

    @property
    def seconds(self) -> Floats:
        """The length of every tile."""
        return np.array([[(tile.bucket_end - tile.bucket) / SECOND] for tile in self.tiles])

    @property
    def is_clean(self) -> Mask:
        """Which series are clean."""
        begins, ends = (np.array([[getattr(tile, edge)] for tile in self.tiles]) for edge in ("bucket", "bucket_end"))
        first, last = self.instants("first_at"), self.instants("last_at")
        clean = (self.instants("covered_from") == begins) & (self.instants("covered_to") == ends)
        clean &= (self.instants("measured_from") != ABSENT) & (self.instants("measured_to") != ABSENT)
        clean &= (first >= begins) & (first <= last) & (last <= ends) & (first != 0) & (last != 0)
        clean &= np.isnan(self.floats("doubt_below")) & np.isnan(self.floats("doubt_above"))
        clean &= (self.floats("estimated") == 0.0) & ~np.isnan(self.floats("total")) & ~np.isnan(self.floats("pause"))
        filled = self.floats("interpolated"), self.floats("estimated_time")
        clean &= ~np.isnan(filled[0]) & ~np.isnan(filled[1])
        is_measured = self.seconds - self.floats("measured") <= SLACK
        clean &= self._is_register | (is_measured & (filled[0] == 0.0) & (filled[1] == 0.0))
        whole: Mask = np.all(clean, axis=0)
        return whole

    def entries(self, series: SeriesColumn) -> CleanAmounts:
        """Return the entries of series that are clean."""
        start, end = self.tiles[0].bucket, self.tiles[-1].bucket_end
        seconds = (end - start) / SECOND
        total, measured = _sums(self.floats("total")), _sums(self.floats("measured"))
        lower, upper = self._bounds(series, total, measured)
        is_exact = (lower == total) & (upper == total)
        is_open = ~is_exact & (upper == inf)
        first, last = self.instants("first_at"), self.instants("last_at")
        extent = (self.instants("measured_to").max(axis=0) - self.instants("measured_from").min(axis=0)) / (end - start)
        longest = np.max(
            np.stack(
                [
                    *self.floats("pause"),
                    *((first[1:] - last[:-1]) / SECOND),
                    (first.min(axis=0) - start) / SECOND,
                    (end - last.max(axis=0)) / SECOND,
                ]
            ),
            axis=0,
        )
        columns = {
            "amount": total,
            "lower": np.where(is_exact | (lower == -inf), np.nan, lower),
            "upper": np.where(is_exact | (upper == inf), np.nan, upper),
            "filled": np.zeros(len(total)),
            "estimated": np.zeros(len(total)),
            "seconds": np.full(len(total), seconds),
            "covered_seconds": np.where(self._is_register, extent * seconds, measured),
            "interpolated_seconds": _sums(self.floats("interpolated")),
            "estimated_seconds": _sums(self.floats("estimated_time")),
            "longest_gap_seconds": np.where(seconds - measured <= SLACK, 0.0, longest),
        }
        return CleanAmounts(self.places, np.stack([columns[name] for name in NUMBERS]), is_open)

    def _bounds(self, series: SeriesColumn, total: Floats, measured: Floats) -> tuple[Floats, Floats]:
        start, end = self.tiles[0].bucket, self.tiles[-1].bucket_end
        seconds = np.full(len(total), (end - start) / SECOND)
        starts, ends = np.full(len(total), start), np.full(len(total), end)
        unknown = np.full(len(total), np.nan)
        whole = AmountColumns(
            bucket=starts,
            bucket_end=ends,
            total=total,
            measured=measured,
            covered_from=starts,
            covered_to=ends,
            known=seconds,
            first_at=self.instants("first_at").min(axis=0),
            last_at=self.instants("last_at").max(axis=0),
            entry_seconds=self.floats("entry_seconds")[0],
            entry_amount=self.floats("entry_amount")[0],
            exit_seconds=self.floats("exit_seconds")[-1],
            exit_amount=self.floats("exit_amount")[-1],
            doubt_below=unknown,
            doubt_above=unknown,
        )
        fastest = _fastest(self.floats("peak"), self.floats("total"), self.floats("measured"), self.seconds)
        fastest = _fastest(as_stored(np.fmax.reduce(fastest)), total, measured, seconds)
        known = FACTOR * np.fmax.reduce([fastest, *edge_rates(whole)])
        declared = series.rate[self.places]
        rate = np.where(np.isnan(declared), np.where(np.isnan(known), inf, known), declared)
        return hour_bounds(whole, rate, is_register=True)


def _fastest(peak: Floats, total: Floats, measured: Floats, seconds: Floats) -> Floats:
    """Return the most that was counted in a measured hour, as of ``Rollup.greatest``."""
    by_itself = np.abs(total) * _HOUR_SECONDS / seconds
    return np.where(np.isnan(peak), np.where(measured >= MOSTLY * seconds, by_itself, np.nan), peak)


def _sums(values: Floats) -> Floats:
    """Return the sum over the tiles of every column, rounded once."""
    if len(values) == 1:
        return np.asarray(values[0] + 0.0)
    return np.array([fsum(column) for column in values.T.tolist()], np.float64)
