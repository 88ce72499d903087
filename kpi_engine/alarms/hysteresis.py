"""When alarms are raised and cleared: a threshold met for as long as it must be, and another one to let go.

A pure function of what was known and of new evidence, many devices at once: one row each. Times and durations are
microseconds; ABSENT where there is none.
"""

from dataclasses import dataclass

import numpy as np

from processors.steps.columns import ABSENT, Floats, Ints, Mask


@dataclass(frozen=True)
class AlarmThresholds:
    """Thresholds and how long each must be met; ``patience``: the longest pause in evidence that breaks no stretch.

    ``is_above``: levels at or above ``raise_at`` are wrong and those at or below ``clear_at`` right; else reversed.
    """

    is_above: Mask
    raise_at: Floats
    raise_after: Ints
    clear_at: Floats
    clear_after: Ints
    patience: Ints


@dataclass(frozen=True)
class Evidence:
    """The newest level of each device and the time it was true at; a time ABSENT says nothing either way."""

    time: Ints
    level: Floats


@dataclass(frozen=True)
class Phase:
    """Whether an alarm is open, since when its state is being left (ABSENT: it is not), and the newest evidence."""

    is_open: Mask
    since: Ints
    evaluated: Ints

    @classmethod
    def idle(cls, rows: int) -> "Phase":
        """Return that nothing is open and nothing was evaluated."""
        return cls(np.zeros(rows, np.bool_), np.full(rows, ABSENT), np.full(rows, ABSENT))


def step(phase: Phase, evidence: Evidence, limits: AlarmThresholds) -> tuple[Phase, Mask]:
    """Return the phase after ``evidence``, and which rows turned from closed to open or back.

    Evidence that is not newer than what was evaluated changes nothing.
    """
    time = evidence.time
    is_new = time > phase.evaluated
    leaving = is_new & _leaves(phase, evidence, limits)
    lasts = (phase.since != ABSENT) & (phase.evaluated != ABSENT) & (time - phase.evaluated <= limits.patience)
    begun = np.where(leaving, np.where(lasts, phase.since, time), ABSENT)
    since = np.where(is_new, begun, phase.since)
    turned = leaving & (time - since >= np.where(phase.is_open, limits.clear_after, limits.raise_after))
    evaluated = np.where(is_new, time, phase.evaluated)
    return Phase(phase.is_open ^ turned, np.where(turned, ABSENT, since), evaluated), turned


def _leaves(phase: Phase, evidence: Evidence, limits: AlarmThresholds) -> Mask:
    """Return which rows meet the threshold that leads out of their state."""
    sign = np.where(limits.is_above, 1.0, -1.0)
    level = sign * evidence.level
    met: Mask = np.where(phase.is_open, level <= sign * limits.clear_at, level >= sign * limits.raise_at)
    return met
