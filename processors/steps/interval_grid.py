"""The grid that intervals are meant for: civil multiples of their length, which stamps miss by a moment.

Quarter hours have theirs at the quarters of the hours on the city's clocks, days at midnight, months at the first
midnight of each. What is longer than an hour and no whole day has the hours, and so has what does not divide one.
"""

from typing import Final

import numpy as np

from ingest.model.calendar import Instants, Period, covering
from ingest.model.expected_interval import ExpectedInterval
from ingest.model.time import HOUR
from processors.steps.columns import Ints
from processors.steps.interval_lengths import Kind

_OF_THE_GRID: Final = 4  # an instant is taken to be on it from no further than a quarter of its spacing


def on_grid(instants: Ints, tolerance: Ints, kind: Kind) -> Ints:
    """Return instants, with those no further from the grid of a ``kind`` than ``tolerance`` on it."""
    if not len(instants):
        return instants
    nearest, spacing = _nearest(instants, *kind)
    is_near = np.abs(nearest - instants) <= np.minimum(tolerance, spacing // _OF_THE_GRID)
    return np.where(is_near, nearest, instants)


def _nearest(instants: Ints, length: ExpectedInterval, zone: str) -> tuple[Ints, Ints]:
    """Return the point of the grid nearest to each instant, and the spacing there."""
    period = Period.MONTH if length.months else Period.DAY if length.days else Period.HOUR
    edges = _edges(instants, period, zone)
    at = np.searchsorted(edges, instants, side="right") - 1
    before, after = edges[at], edges[at + 1]
    if length.elapsed and HOUR % length.elapsed == 0:
        steps = (instants - before) // length.elapsed
        before, after = before + steps * length.elapsed, np.minimum(after, before + (steps + 1) * length.elapsed)
    return np.where(instants - before <= after - instants, before, after), after - before


def _edges(instants: Ints, period: Period, zone: str) -> Instants:
    return covering(int(instants.min()), int(instants.max()) + 1, period, zone)
