"""What the window steps must know of each series, as columns indexed by series id.

Ids are given consecutively, so a column is about as long as there are series.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.catalogue import Catalogue, Series
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.reading import Interpolation, ReadingKind
from ingest.model.registers import Decrease, RegisterContract, Scope, Swap
from ingest.model.succession import Succession
from ingest.model.time import MICROSECOND, to_micros
from processors.steps.columns import Ints, Mask, Spans
from processors.steps.contracts import Changes, Contracts, Starts, Swaps
from processors.steps.hours import Windows
from processors.steps.interval_lengths import Kind, Lengths
from processors.steps.rollup import NO_CONTRACT

_NOTHING: Final = RegisterContract(on_decrease=Decrease.RESET_TO_ZERO)  # the contract of what is no register
_ANY: Final = int(np.iinfo(np.int64).max)


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


def contracts(declared: Sequence[RegisterContract | None]) -> Contracts:
    """Return contracts in the canonical unit as columns; None for what is no register."""
    every = [one or _NOTHING for one in declared]
    return Contracts(
        is_daily=np.array([one.scope is Scope.DAY for one in every], np.bool_),
        decides=np.array([one.decrease is Decrease.DECIDE for one in every], np.bool_),
        is_net=np.array([one.decrease is Decrease.NET for one in every], np.bool_),
        modulus=np.array([one.modulus for one in every], np.float64),  # None becomes NaN
        max_rate=np.array([one.max_increase_per_hour for one in every], np.float64),
        jitter=np.array([one.jitter for one in every], np.float64),
        excursion=np.array([_excursion(one) for one in every], np.int64),
        excursion_readings=np.array([_ANY if one.glitch_readings is None else one.glitch_readings for one in every]),
        digest=np.array([one.digest if one else NO_CONTRACT for one in declared], np.int64),
    )


def changes(declared: Iterable[tuple[int, Succession[RegisterContract]]]) -> Changes | None:
    """Return the contracts that took the place of earlier ones, by series id, as columns; None where none did."""
    rows = [(key, since, contract) for key, every in sorted(declared, key=_first) for since, contract in every.later]
    if not rows:
        return None
    series_id, time = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    return Changes(series_id, time, contracts([contract for *_, contract in rows]))


def most_demanding(first: Contracts, later: Changes | None) -> Contracts:
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


def swaps(declared: Iterable[tuple[int, Sequence[Swap]]]) -> Swaps:
    """Return the replacements of registers, by series id, as columns."""
    rows = [(key, to_micros(one.at), one.closing, one.opening) for key, every in sorted(declared) for one in every]
    closing, opening = (np.array([row[side] for row in rows], np.float64) for side in (2, 3))  # None becomes NaN
    return Swaps(
        np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.int64), closing, opening
    )


def _excursion(contract: RegisterContract) -> int:
    """Return the longest excursion in microseconds, 0 where every fall is what the contract says."""
    allowed = contract.decrease is Decrease.DECIDE and contract.glitch_readings != 0
    return contract.longest_excursion // MICROSECOND if allowed else 0


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _is_register(series: Series) -> bool:
    return series.kind is ReadingKind.REGISTER
