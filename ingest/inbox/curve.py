"""What a curve of samples looks like: a register, a gauge or amounts, and how often they come."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from ingest.model.time import DAY, HOUR, MINUTE, SECOND

NEAR: Final = 1.1  # times the usual length, or a part of it, that an interval may be and be that
FEWEST: Final = 3  # readings at different times, below which nothing is judged
RESETS: Final = 10  # of so many steps one may be a fall, as a register that starts anew has
USUAL: Final = tuple(
    [one * SECOND for one in (1, 2, 5, 10, 15, 20, 30)]
    + [one * MINUTE for one in (1, 2, 5, 10, 15, 20, 30)]
    + [one * HOUR for one in (1, 2, 3, 4, 6, 8, 12)]
    + [DAY]
)

Point = tuple[int, float]
"""When and what, in microseconds."""


class Shape(StrEnum):
    """What a curve does."""

    RISES = "rises"  # and hardly ever falls: it counts
    MOVES = "moves"  # up and down
    RESTS = "rests"  # nothing can be told of it
    UNKNOWN = "unknown"  # too few samples


def shape(points: Sequence[Point]) -> Shape:
    """Return what a curve does; it need not be in the order of time."""
    values = [value for _, value in sorted(dict(points).items())]
    if len(values) < FEWEST:
        return Shape.UNKNOWN
    rises = sum(after > before for before, after in pairwise(values))
    falls = sum(after < before for before, after in pairwise(values))
    if not rises and not falls:
        return Shape.RESTS
    if rises and falls * RESETS <= rises and min(values) >= 0:
        return Shape.RISES
    return Shape.MOVES


def interval(instants: Sequence[int]) -> int | None:
    """Return how often something comes, in microseconds; None of too few.

    It is the median of the steps: the usual length where that is near, else whole hours, minutes or seconds.
    """
    times = sorted(set(instants))
    if len(times) < FEWEST:
        return None
    steps = [after - before for before, after in pairwise(times)]
    typical = median(steps)
    usual = min(USUAL, key=lambda usual: max(usual / typical, typical / usual))
    if max(usual / typical, typical / usual) <= NEAR:
        return usual
    whole = next((unit for unit in (HOUR, MINUTE) if typical >= 2 * unit), SECOND)
    return max(1, round(typical / whole)) * whole


def written(length: int) -> str:
    """Return an interval as a city file has it: ``PT15M``."""
    for unit, letter in ((HOUR, "H"), (MINUTE, "M"), (SECOND, "S")):
        if length % unit == 0:
            return f"PT{length // unit}{letter}"
    raise ValueError(f"expected whole seconds, not {length} us")
