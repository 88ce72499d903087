"""How long the intervals of series are, by which calendar, and how far off their stamps may be, as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.model.expected_interval import ExpectedInterval
from processors.steps.columns import Ints, Mask


class Kind(NamedTuple):
    """One length in one zone."""

    length: ExpectedInterval
    zone: str


@dataclass(frozen=True)
class Lengths:
    """One row per series. ``kind`` indexes ``kinds``, the different ones there are; times are microseconds."""

    kind: Ints
    tolerance: Ints
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, every: Sequence[Kind], tolerance: Sequence[int]) -> "Lengths":
        """Return the lengths of series, and the tolerance of their stamps."""
        kinds: dict[Kind, int] = {}
        kind = [kinds.setdefault(one, len(kinds)) for one in every]
        return cls(np.array(kind, np.int64), np.array(tolerance, np.int64), tuple(kinds))

    @property
    def usual(self) -> Ints:
        """About how long an interval of each series is."""
        return np.array([length.length for length, _ in self.kinds], np.int64)[self.kind]

    @property
    def reach(self) -> Ints:
        """How long before its stamp a reading of each series may speak of."""
        return np.array([length.longest for length, _ in self.kinds], np.int64)[self.kind] + self.tolerance

    def select(self, rows: Mask | Ints) -> "Lengths":
        """Return the lengths a mask or an index picks."""
        return Lengths(self.kind[rows], self.tolerance[rows], self.kinds)

    def by_kind(self) -> Iterator[tuple[Kind, Ints]]:
        """Yield each length there is, and the rows that have it."""
        for number in np.unique(self.kind).tolist():
            yield self.kinds[number], np.flatnonzero(self.kind == number)
