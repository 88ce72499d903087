"""Randomness as a pure function of a seed and an index, so that no value depends on which window was asked for.

A counter-based generator (SplitMix64, Steele et al. 2014) instead of a sequential one. Arrays are one-dimensional.
"""

from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

IntColumn = npt.NDArray[np.int64]
FloatColumn = npt.NDArray[np.float64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


def derive(seed: int, *names: str) -> int:
    """Return the seed of something named within a seed: unrelated to its neighbours', below 2**64."""
    return int.from_bytes(blake2b("/".join((str(seed), *names)).encode(), digest_size=8).digest())


def uniform(seed: int, index: IntColumn) -> FloatColumn:
    """Return one number in (0, 1) per index."""
    bits = index.astype(np.uint64) * _GOLDEN + np.uint64(seed)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = bits ^ (bits >> np.uint64(31))
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(seed: int, index: IntColumn) -> FloatColumn:
    """Return one standard normal number per index (Box and Muller)."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, 2 * index)))
    return np.asarray(radius * np.cos(2.0 * np.pi * uniform(seed, 2 * index + 1)))


def smooth(seed: int, times: IntColumn, period: int) -> FloatColumn:
    """Return noise of unit variance that forgets itself within about one ``period`` (microseconds, like ``times``)."""
    cell, offset = np.divmod(times, period)
    right = (1.0 - np.cos(np.pi * offset / period)) / 2.0
    left = 1.0 - right
    before, after = _edges(seed, cell)
    return np.asarray((left * before + right * after) / np.hypot(left, right))


def _edges(seed: int, cell: IntColumn) -> tuple[FloatColumn, FloatColumn]:
    """Return the numbers at both edges of each cell, each drawn once where the cells are close together."""
    first = int(cell.min()) if len(cell) else 0
    span = int(cell.max()) + 2 - first if len(cell) else 0
    if span > len(cell):
        return normal(seed, cell), normal(seed, cell + 1)
    drawn = normal(seed, first + np.arange(span))
    return drawn[cell - first], drawn[cell - first + 1]
