"""Register contracts as the columns that the register steps work on, by slot; canonical units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.columns import ColumnTable
from ingest.model.registers import Decrease, RegisterContract, Scope, Swap
from ingest.model.succession import Succession
from ingest.model.time import MICROSECOND, to_micros
from processors.steps.columns import Floats, Ints, Mask
from processors.steps.rollup import NO_CONTRACT

_NOTHING: Final = RegisterContract(on_decrease=Decrease.RESET_TO_ZERO)  # the contract of what is no register
_ANY: Final = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Contracts(ColumnTable):
    """What may be assumed of the register of each slot (ingest.model.registers); NaN stands for what is not declared.

    ``digest`` stands for the contract on what is computed by it, and is 0 where there is no register.
    """

    is_daily: Mask
    decides: Mask  # what a fall means, from the readings around it
    is_net: Mask
    modulus: Floats
    max_rate: Floats  # per hour
    jitter: Floats
    excursion: Ints  # the longest one, microseconds; 0 where there are none
    excursion_readings: Ints  # the most of them
    digest: Ints

    def followed_by(self, others: "Contracts") -> "Contracts":
        """Return these contracts and ``others`` after them."""
        return Contracts.concatenate([self, others])


class RowsOfSeries(ColumnTable):
    """Rows of series, sorted by them."""

    series_id: Ints

    def of(self, series_id: int) -> slice:
        """Return the rows of one series."""
        first, last = np.searchsorted(self.series_id, [series_id, series_id + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True)
class Swaps(RowsOfSeries):
    """Replacements of meters, sorted by series and time; NaN for a closing or opening reading nobody knows."""

    series_id: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    time: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    closing: Floats = field(default_factory=lambda: np.empty(0))
    opening: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class ContractChanges(RowsOfSeries):
    """Contracts that took the place of earlier ones, sorted by series and time; ``contracts`` by row."""

    series_id: Ints
    time: Ints
    contracts: Contracts


@dataclass(frozen=True)
class Starts:
    """When registers start anew: swaps of meters, and the edges of civil days for those that count by the day.

    ``changes``: when others are assumed of them; None where none ever were.
    """

    swaps: Swaps = field(default_factory=Swaps)
    days: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    changes: ContractChanges | None = None


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


def changes(declared: Iterable[tuple[int, Succession[RegisterContract]]]) -> ContractChanges | None:
    """Return the contracts that took the place of earlier ones, by series id, as columns; None where none did."""
    rows = [(key, since, contract) for key, every in sorted(declared, key=_first) for since, contract in every.later]
    if not rows:
        return None
    series_id, time = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    return ContractChanges(series_id, time, contracts([contract for *_, contract in rows]))


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
