"""Since when the silence of each device counts: only while it would have been heard, and not while most are silent.

One cause must not be told once a device. While the intake of messages does not work nobody would be heard, so nothing
counts; while more than half of the devices of a city that report equally often are silent, one alarm of the city stands
for them. Afterwards everybody is given the time again that a device may be silent for. Times are microseconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.freshness import GRACE, SILENT_INTERVALS
from processors.steps.columns import ABSENT, Ints

MOST: Final = 0.5
FEWEST: Final = 10
"""Of fewer devices that report equally often each is told by itself."""


@dataclass(frozen=True)
class Peers:
    """Of each device the expected interval, its city, and its peers: those that report as often there; as numbers."""

    interval: Ints
    city: Ints
    peers: Ints


@dataclass(frozen=True)
class Listening:
    """Of each device since when its silence counts (ABSENT: ever), and how many are silent in its city for one cause.

    ``intake``: since when messages are taken.
    """

    since: Ints
    widespread: Ints
    intake: int = ABSENT

    @classmethod
    def begun(cls, rows: int) -> "Listening":
        """Return that everything has been heard so far."""
        return cls(np.full(rows, ABSENT), np.zeros(rows, np.int64))

    def at(self, now: int, is_taking: bool, devices: Peers, last_seen: Ints) -> "Listening":
        """Return it at ``now``: when each was ``last_seen``, and whether messages are taken (``is_taking``)."""
        intake = self.intake if is_taking else now
        if not len(last_seen):
            return Listening(self.since, self.widespread, intake)
        last = np.maximum(last_seen, intake)
        silent = (last == ABSENT) | (last <= now - GRACE - SILENT_INTERVALS * devices.interval)
        members = np.bincount(devices.peers)
        is_common = (members >= FEWEST) & (np.bincount(devices.peers, silent) > MOST * members)
        covered = is_common[devices.peers]
        since = np.where(covered, now, np.maximum(self.since, intake))
        return Listening(since, np.bincount(devices.city, covered & silent)[devices.city].astype(np.int64), intake)
