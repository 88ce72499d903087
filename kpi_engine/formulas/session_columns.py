"""Charging sessions as columns, and between what their energy lies: the rule of ingest/model/session for all at once.

Energy in kWh, power in kW, times in microseconds; ABSENT stands for a time that is not known and NaN for a number.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.session import MOST_POWER, OVER_RATED
from ingest.model.time import DAY, HOUR, MINUTE
from processors.steps.columns import ABSENT, Floats, Ints, Mask

_DAY_HOURS: Final = DAY / HOUR


@dataclass(frozen=True)
class StoredSessions(ColumnTable):
    """Sessions as they are stored; ``is_read``: assembled from readings, so one without an end may go on."""

    begin: Ints
    end: Ints
    energy: Floats
    lower: Floats
    upper: Floats
    is_read: Mask

    @classmethod
    def none(cls) -> "StoredSessions":
        """Return no sessions."""
        times, numbers = np.empty(0, np.int64), np.empty(0)
        return cls(times, times, numbers, numbers, numbers, np.empty(0, np.bool_))


@dataclass(frozen=True)
class Charges(ColumnTable):
    """What sessions delivered: ``energy``, NaN where nobody knows it or it cannot be, between ``lower`` and ``upper``.

    ``hours``: how long a vehicle was connected, NaN where no end is known. ``rated``: of the point, NaN where it is not
    declared. ``may_run``: readings tell of no end yet.
    """

    energy: Floats
    lower: Floats
    upper: Floats
    hours: Floats
    rated: Floats
    may_run: Mask


def charges(sessions: StoredSessions, rated: Floats) -> Charges:
    """Return what sessions delivered at points of ``rated`` power, with the bounds of each.

    Readings of one without an end tell what it took so far, if that: it may come to a day of its point's power, as
    with energies that are believed without an end.
    """
    has_end = sessions.end != ABSENT
    hours = np.where(has_end, (sessions.end - sessions.begin) / HOUR, np.nan)
    most = np.where(has_end, hours + MINUTE / HOUR, _DAY_HOURS) * np.where(
        np.isnan(rated), MOST_POWER, OVER_RATED * rated
    )
    may_run = sessions.is_read & ~has_end
    is_told = ~np.isnan(sessions.energy)
    is_known = is_told & (sessions.energy >= 0.0) & (sessions.energy <= most)
    energy = np.where(is_known, sessions.energy, np.nan)
    unknown_upper = np.where(has_end | may_run, most, np.inf)
    unknown_upper = np.where(is_told, unknown_upper, np.fmin(unknown_upper, sessions.upper))
    unknown_lower = np.where(is_told, 0.0, np.fmin(np.nan_to_num(sessions.lower), unknown_upper))
    upper = np.where(is_known, np.fmax(sessions.upper, energy), unknown_upper)
    lower = np.where(is_known, np.fmin(sessions.lower, energy), unknown_lower)
    upper = np.where(may_run & is_known, np.fmax(upper, most), upper)
    return Charges(np.where(may_run, np.nan, energy), lower, upper, hours, rated, may_run)
