"""Since when the silence of each device counts: only while it would have been heard, and not while one cause has more.

One cause must not be told once a device. While the intake of messages does not work nobody would be heard, so nothing
counts; while most devices that share a city, a gateway or a site and report equally often are silent, one alarm stands
for them, that of the widest they share. Afterwards everybody is given the time again that a device may be silent for.
Times are microseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from ingest.model.alarm import SharedBy
from ingest.model.freshness import GRACE, SILENT_INTERVALS
from processors.steps.columns import ABSENT, Ints, Mask

MOST: Final = {SharedBy.CITY: 0.5, SharedBy.GATEWAY: 0.9, SharedBy.SITE: 0.9}
"""More than this share of those that report equally often; what is near the devices leaves nearly none to be heard."""
FEWEST: Final = {SharedBy.CITY: 10, SharedBy.GATEWAY: 3, SharedBy.SITE: 3}
"""Of fewer devices that report equally often each is told by itself."""
NOTHING: Final = -1


@dataclass(frozen=True)
class Peers:
    """Of each device the expected interval, and of which city, gateway and site it is, as numbers; NOTHING: of none."""

    interval: Ints
    shares: Mapping[SharedBy, Ints]

    @cached_property
    def peers(self) -> Mapping[SharedBy, Ints]:
        """Of each device the number of those that share the same and report as often."""
        return {
            shared_by: np.unique(np.stack([number, self.interval]), axis=1, return_inverse=True)[1].reshape(-1)
            for shared_by, number in self.shares.items()
        }


@dataclass(frozen=True)
class Listening:
    """Of each device since when its silence counts (ABSENT: ever), and which are silent for one cause, by what it is.

    ``intake``: since when messages are taken.
    """

    since: Ints
    silenced: Mapping[SharedBy, Mask] = field(default_factory=dict)
    intake: int = ABSENT

    @classmethod
    def begun(cls, rows: int) -> "Listening":
        """Return that everything has been heard so far."""
        return cls(np.full(rows, ABSENT), dict.fromkeys(SharedBy, np.zeros(rows, np.bool_)))

    def at(self, now: int, is_taking: bool, devices: Peers, last_seen: Ints) -> "Listening":
        """Return it at ``now``: when each was ``last_seen``, and whether messages are taken (``is_taking``)."""
        intake = self.intake if is_taking else now
        if not len(last_seen):
            return Listening(self.since, self.silenced, intake)
        last = np.maximum(last_seen, intake)
        silent = (last == ABSENT) | (last <= now - GRACE - SILENT_INTERVALS * devices.interval)
        covered, silenced = np.zeros(len(last), np.bool_), dict[SharedBy, Mask]()
        for shared_by in SharedBy:
            peers, is_shared = devices.peers[shared_by], devices.shares[shared_by] != NOTHING
            members = np.bincount(peers)
            is_common = members >= FEWEST[shared_by]
            is_common &= np.bincount(peers, silent, len(members)) > MOST[shared_by] * members
            here = is_shared & is_common[peers] & ~covered
            silenced[shared_by] = here & silent
            covered |= here
        since = np.where(covered, now, np.maximum(self.since, intake))
        return Listening(since, silenced, intake)

    def widespread(self, devices: Peers) -> Mapping[SharedBy, Ints]:
        """Return of each device how many are silent for the cause that it would share, by what that is."""
        found: dict[SharedBy, Ints] = {}
        for shared_by, silenced in self.silenced.items():
            number = devices.shares[shared_by] + 1  # so that NOTHING is a number too
            counts = np.bincount(number[silenced], minlength=int(number.max(initial=0)) + 1).astype(np.int64)
            counts[0] = 0
            found[shared_by] = counts[number]
        return found
