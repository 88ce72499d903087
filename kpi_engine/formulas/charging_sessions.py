"""What charging sessions come to: how many, how much each, how many failed, and how long they could have waited.

A session counts if it delivered at least 0.1 kWh and lasted a minute; others are failed ones, counted apart (limits as
customary among operators, recalled). What nobody knows may be so or not, and widens the bounds. While it is not known
whether vehicles were there, sessions may have come twice as often as otherwise, each with anything from the least that
counts to twice the most that is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum
from typing import Final

import numpy as np

from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.session_columns import Charges
from processors.steps.columns import Floats, Mask

LEAST_ENERGY: Final = 0.1  # kWh
SHORTEST: Final = 1 / 60  # h
UNSEEN_AS_OFTEN: Final = 2.0  # as those that are known of the same points
UNSEEN_AS_LARGE: Final = 2.0  # as the greatest of them: what was never seen may have been more, as rates of registers
_HOUR: Final = 3600.0


@dataclass(frozen=True)
class SessionsOf:
    """The sessions of some points, of whose time ``known`` of ``seconds`` are known."""

    charges: Charges
    known: float
    seconds: float

    @property
    def is_failed(self) -> Mask:
        """Which ended within a minute, or delivered next to nothing."""
        return (self.charges.energy < LEAST_ENERGY) | (self.charges.hours < SHORTEST)

    @property
    def counts(self) -> Mask:
        """Which are known to have delivered something."""
        return ~np.isnan(self.charges.energy) & ~self.is_failed

    @property
    def is_doubtful(self) -> Mask:
        """Of which it is not known what they delivered."""
        return np.isnan(self.charges.energy) & ~self.is_failed

    @property
    def unseen(self) -> int:
        """How many more there may have been while nobody knows: a minute each at least."""
        lacking = max(self.seconds - self.known, 0.0)
        expected = ceil(UNSEEN_AS_OFTEN * len(self.charges) * lacking / self.known) if self.known else 1
        return min(max(expected, 1), int(lacking / (SHORTEST * _HOUR)))

    @property
    def greatest_unseen(self) -> float:
        """The most that one of those may have delivered; some session has to be known."""
        return UNSEEN_AS_LARGE * float(self.charges.select(self.counts).energy.max())


def number(sessions: SessionsOf) -> Bounded:
    """Return how many sessions were completed: a whole number."""
    known, doubtful = int(sessions.counts.sum()), sessions.is_doubtful
    ended = int((doubtful & ~np.isnan(sessions.charges.hours)).sum())
    return Bounded(float(known + ended), known, known + int(doubtful.sum()) + sessions.unseen)


def mean_energy(sessions: SessionsOf) -> Bounded:
    """Return the energy of a session, sum over sum [kWh]; no value where none is known."""
    known = sessions.charges.select(sessions.counts)
    doubtful = sessions.charges.select(sessions.is_doubtful)
    if not len(known):
        return Bounded(None)
    unseen = np.ones(sessions.unseen)
    least = np.concatenate([np.maximum(doubtful.lower, LEAST_ENERGY), unseen * LEAST_ENERGY])
    most = np.concatenate([doubtful.upper, unseen * sessions.greatest_unseen])
    lower = _extreme_means(fsum(known.lower), len(known), np.sort(least)).min()
    upper = _extreme_means(fsum(known.upper), len(known), np.sort(most)[::-1]).max()
    value = fsum(known.energy) / len(known)
    return Bounded(value, float(lower), float(upper)).with_value(value)


def failed_share(sessions: SessionsOf) -> Bounded:
    """Return which share of the sessions failed; no value where none is known."""
    failed, known = int(sessions.is_failed.sum()), int(sessions.counts.sum())
    more = int(sessions.is_doubtful.sum()) + sessions.unseen
    if not failed + known:
        return Bounded(None, 0.0, 1.0)
    value, most = failed / (failed + known), failed + known + more
    return Bounded(value, failed / most, (failed + more) / most).with_value(value)


def flexibility(sessions: SessionsOf) -> Bounded:
    """Return which share of the connected time charging could have waited, weighted by energy.

    Of a session 1 - E / (P x connected); one of unknown power, end or energy may have any share.
    """
    known = sessions.charges.select(sessions.counts)
    able = known.select(~np.isnan(known.hours) & ~np.isnan(known.rated))
    if not len(able):
        return Bounded(None, 0.0, 1.0)
    share = _waiting(able, able.energy)
    value = fsum(able.energy * share) / fsum(able.energy)
    over = Bounded(None, fsum(able.lower * _waiting(able, able.upper)), fsum(able.upper * _waiting(able, able.lower)))
    within = ratio(over, Bounded(None, fsum(able.lower), fsum(able.upper)), value)
    others = known.select(np.isnan(known.hours) | np.isnan(known.rated)).upper
    unknown = np.concatenate([others, sessions.charges.select(sessions.is_doubtful).upper])
    more = float(unknown.sum()) + sessions.unseen * sessions.greatest_unseen
    if not np.isfinite(more):
        return Bounded(value, 0.0, 1.0)
    whole = fsum(able.energy)
    lower, upper = within.lower * whole / (whole + more), (within.upper * whole + more) / (whole + more)
    return Bounded(value, max(lower, 0.0), min(upper, 1.0)).with_value(value)


def _waiting(sessions: Charges, energy: Floats) -> Floats:
    return np.clip(1.0 - energy / (sessions.rated * np.maximum(sessions.hours, SHORTEST)), 0.0, 1.0)


def _extreme_means(total: float, count: int, others: Sequence[float] | Floats) -> Floats:
    """Return the means of what is certain with none, the first, the first two ... of ``others``."""
    sums = np.concatenate([[0.0], np.cumsum(others)])
    return np.asarray((total + sums) / (count + np.arange(len(sums))))
