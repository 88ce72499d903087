"""Spells in which a lamp was dark at night: from its first dark night hour to the next one in which it is lit.

Days in between count as time, and tell nothing of a lamp. Instants are microseconds, lengths hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ingest.model.time import HOUR
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.lamp_states import DARK, LIT, UNKNOWN, LampStates


@dataclass(frozen=True)
class Nights:
    """The night hours of one lamp in order of time: when each begins and ends, and what the lamp did."""

    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    state: LampStates

    def hours(self, state: int) -> float:
        """Return how many hours the lamp was in a state."""
        rows = self.state == state
        return float((self.end[rows] - self.start[rows]).sum()) / HOUR


@dataclass(frozen=True)
class DarkSpell:
    """One spell: ``dark`` are the most of its night hours in a row that are known to be dark.

    ``lasted`` is from its begin to its end, None where the lamp was not seen lit before it, or after it.
    """

    dark: float
    lasted: Bounded | None


def dark_spells(nights: Nights) -> Iterator[DarkSpell]:
    """Yield the spells in which a lamp was dark; hours that are not known do not end one, and widen its bounds."""
    known = np.flatnonzero(nights.state != UNKNOWN)
    turns = np.flatnonzero(np.diff(nights.state[known])) + 1
    for first, last in pairwise([0, *turns.tolist(), len(known)]):
        if first < last and nights.state[known[first]] == DARK:
            rows = known[first:last]
            runs = np.concatenate([[0], np.flatnonzero(np.diff(rows) > 1) + 1])
            dark = float(np.add.reduceat(nights.end[rows] - nights.start[rows], runs).max()) / HOUR
            is_whole = first > 0 and last < len(known)
            yield DarkSpell(dark, _lasted(nights, known[first - 1], rows[0], known[last]) if is_whole else None)


def _lasted(nights: Nights, lit_before: int, dark: int, lit_again: int) -> Bounded:
    """Return how long a spell lasted that lies between two rows in which the lamp is lit."""
    begin, end = nights.start[dark], nights.start[lit_again]
    unknown = np.flatnonzero(nights.state[dark:lit_again] == UNKNOWN)
    surely = nights.start[dark + unknown[0]] if len(unknown) else end
    return Bounded(*(float(each) / HOUR for each in (end - begin, surely - begin, end - nights.start[lit_before + 1])))


def longest_not_lit(nights: Nights) -> float:
    """Return the most night hours in a row in which the lamp was not seen lit."""
    counted = np.where(nights.state == LIT, 0, nights.end - nights.start).cumsum()
    before = np.maximum.accumulate(np.where(nights.state == LIT, counted, 0))
    return float((counted - before).max(initial=0)) / HOUR
