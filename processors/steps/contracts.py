"""Register contracts as the columns that the register steps work on, by slot; canonical units."""

from dataclasses import dataclass, field, fields

import numpy as np

from ingest.model.calendar import Instants
from processors.steps.columns import Floats, Ints, Mask


@dataclass(frozen=True)
class Contracts:
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

    def __len__(self) -> int:
        return len(self.digest)

    def select(self, rows: Mask | Ints) -> "Contracts":
        """Return the contracts a mask or an index picks."""
        return Contracts(*(getattr(self, field.name)[rows] for field in fields(self)))

    def followed_by(self, others: "Contracts") -> "Contracts":
        """Return these contracts and ``others`` after them."""
        names = [field.name for field in fields(self)]
        return Contracts(*(np.concatenate([getattr(one, name) for one in (self, others)]) for name in names))


@dataclass(frozen=True)
class Swaps:
    """Replacements of meters, sorted by series and time; NaN for a closing or opening reading nobody knows."""

    series_id: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    time: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    closing: Floats = field(default_factory=lambda: np.empty(0))
    opening: Floats = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.series_id)

    def of(self, series_id: int) -> slice:
        """Return the rows of one series."""
        first, last = np.searchsorted(self.series_id, [series_id, series_id + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True)
class Changes:
    """Contracts that took the place of earlier ones, sorted by series and time; ``contracts`` by row."""

    series_id: Ints
    time: Ints
    contracts: Contracts

    def __len__(self) -> int:
        return len(self.series_id)

    def of(self, series_id: int) -> slice:
        """Return the rows of one series."""
        first, last = np.searchsorted(self.series_id, [series_id, series_id + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True)
class Starts:
    """When registers start anew: swaps of meters, and the edges of civil days for those that count by the day.

    ``changes``: when others are assumed of them; None where none ever were.
    """

    swaps: Swaps = field(default_factory=Swaps)
    days: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    changes: Changes | None = None
