"""Ranking the sites of a city by one indicator: where each stands, and between which places it may stand. Pure.

A figure lies between its bounds, so its place does too: at best it has those ahead that are ahead whatever is true, at
worst those that may be. A site without a value has no place of its own, but its bounds count for those of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np

from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Better


class RankingOrder(StrEnum):
    """Which figures come first."""

    LARGEST = "largest"
    SMALLEST = "smallest"

    @classmethod
    def worst_first(cls, better: Better) -> "RankingOrder":
        """Return the order in which the sites to look at come first; the largest where an indicator judges nothing."""
        return cls.SMALLEST if better is Better.HIGHER else cls.LARGEST


@dataclass(frozen=True)
class RankedFigure:
    """The figure of a site; ``rank`` is None where it has no value. Equal figures have equal ranks."""

    figure: KnownFigure
    rank: int | None
    best_rank: int
    worst_rank: int


def ranking(figures: Sequence[KnownFigure], order: RankingOrder) -> list[RankedFigure]:
    """Return the figures of one period in ``order``, those without a value last, by the names of their sites."""
    sign = 1.0 if order is RankingOrder.LARGEST else -1.0
    values = np.sort([sign * one.value for one in figures if one.value is not None])
    ends = [sorted((sign * low, sign * high)) for low, high in map(_bounds, figures)]
    least, most = (np.sort([end[side] for end in ends]) for side in (0, 1))
    found = [
        RankedFigure(
            one,
            None if one.value is None else _ahead(values, sign * one.value) + 1,
            _ahead(least, high) + 1,
            _ahead(most, low) + (low == high),
        )
        for one, (low, high) in zip(figures, ends, strict=True)
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.figure.site or ""))


def _bounds(one: KnownFigure) -> tuple[float, float]:
    return -inf if one.lower is None else one.lower, inf if one.upper is None else one.upper


def _ahead(ascending: "np.ndarray[tuple[int], np.dtype[np.float64]]", value: float) -> int:
    """Return how many numbers are greater than ``value``."""
    return len(ascending) - int(np.searchsorted(ascending, value, side="right"))
