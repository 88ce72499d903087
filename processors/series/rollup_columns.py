"""What the window steps must know of each series, as columns indexed by series id.

Ids are given consecutively, so a column is about as long as there are series.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.catalogue import Catalogue, Series
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.reading import Interpolation, ReadingKind
from processors.steps.columns import Ints, Mask, Spans
from processors.steps.contracts import ContractChanges, Contracts, Starts, changes, contracts, swaps
from processors.steps.hours import Windows
from processors.steps.interval_lengths import Kind, Lengths


class SeriesColumns:
    """Looks up many series of one catalogue at once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._length = max(catalogue.series, default=0) + 1
        series = catalogue.series
        self._is_known = self._mask(lambda _: True)
        self.is_differential = self._mask(lambda one: one.kind is not ReadingKind.INTERVAL)
        self.is_of_states = self._mask(lambda one: one.kind is ReadingKind.STATE)
        self.is_of_sessions = self._mask(lambda one: one.kind is ReadingKind.SESSION)
        self.lengths = _lengths([series.get(key) for key in range(self._length)])
        self._max_gap: Ints = self._column(((key, one.max_gap) for key, one in series.items()), np.int64)
        self._filling: Ints = self._column(((key, one.filling) for key, one in series.items()), np.int64)
        self._is_register = self._mask(_is_register)
        self._is_gauge = self._mask(lambda one: one.kind is ReadingKind.GAUGE)
        self._is_linear = self._mask(lambda one: one.interpolation is Interpolation.LINEAR)
        found = (series.get(key) for key in range(self._length))
        self.contracts = contracts([one.contracts.first if one and _is_register(one) else None for one in found])
        registers = [one for one in series.values() if _is_register(one)]
        self._changes = changes((one.series_id, one.contracts) for one in registers)
        self.most_demanding = most_demanding(self.contracts, self._changes)
        self.swaps = swaps((one.series_id, one.swaps) for one in series.values())
        zones = {key: one.zone for key, one in series.items()}
        self.zones = sorted(set(zones.values()))
        self.zone: Ints = self._column(((key, self.zones.index(zone)) for key, zone in zones.items()), np.int64)

    def has(self, series_id: Ints) -> Mask:
        """Return which series the catalogue knows."""
        inside = series_id < self._length
        known: Mask = inside & self._is_known[np.where(inside, series_id, 0)]
        return known

    def starts(self, days: Instants | None = None) -> Starts:
        """Return when registers start anew, and which contracts took the place of others; ``days`` are civil."""
        return Starts(self.swaps, np.empty(0, np.int64) if days is None else days, self._changes)

    def windows(self, spans: Spans) -> Windows:
        """Return windows over ``spans`` of known series."""
        rows = spans.series_id
        return Windows(
            series_id=rows,
            start=spans.start,
            end=spans.end,
            max_gap=self._max_gap[rows],
            filling=self._filling[rows],
            is_register=self._is_register[rows],
            is_gauge=self._is_gauge[rows],
            is_linear=self._is_linear[rows],
            lengths=self.lengths.select(rows),
            contracts=self.contracts.select(rows),
        )

    def _mask(self, holds: Callable[[Series], bool]) -> Mask:
        mask: Mask = self._column(((key, holds(one)) for key, one in self.catalogue.series.items()), np.bool_)
        return mask

    def _column(self, values: Iterable[tuple[int, float]], kind: type[np.generic]) -> np.ndarray[Any, Any]:
        column = np.zeros(self._length, kind)
        for key, value in values:
            column[key] = value
        return column


def _lengths(series: Sequence[Series | None]) -> Lengths:
    kinds = [Kind(one.interval, one.zone) if one else Kind(ExpectedInterval(), "UTC") for one in series]
    return Lengths.of(kinds, [one.stamp_tolerance if one else 0 for one in series])


def most_demanding(first: Contracts, later: ContractChanges | None) -> Contracts:
    """Return by series what may be needed to know around a reading, whichever of its contracts is in force."""
    if later is None:
        return first
    is_daily, jitter, excursion = first.is_daily.copy(), first.jitter.copy(), first.excursion.copy()
    decides = first.decides.copy()
    np.logical_or.at(is_daily, later.series_id, later.contracts.is_daily)
    np.logical_or.at(decides, later.series_id, later.contracts.decides)
    np.maximum.at(jitter, later.series_id, later.contracts.jitter)
    np.maximum.at(excursion, later.series_id, later.contracts.excursion)
    return replace(first, is_daily=is_daily, decides=decides, jitter=jitter, excursion=excursion)


def _is_register(series: Series) -> bool:
    return series.kind is ReadingKind.REGISTER
