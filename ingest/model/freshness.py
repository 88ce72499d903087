"""How fresh a device is: what may be shown as live and what may not. Times and durations in microseconds.

Judged by the time of the newest observation, never by the connection: a gateway that is online and repeats an old
reading is not live.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ingest.model.time import SECOND

GRACE: Final = 30 * SECOND
"""Allowance for transport and commit, so that a device on time is never late by a hair."""
LIVE_INTERVALS: Final = 2
SILENT_INTERVALS: Final = 10


class State(StrEnum):
    """What an operator may believe of a device's values, best first."""

    LIVE = "live"  # the newest observation is as young as the device promises
    LATE = "late"  # it still sends, but what it sends is old
    STALE = "stale"  # it has missed its time
    SILENT = "silent"  # it has missed it by far, or never sent
    CLOCK_WRONG = "clock_wrong"  # it sends, but its times cannot be true


@dataclass(frozen=True)
class LastSeen:
    """What is known of a device: time and arrival of its newest observation, and its last refusal over the clock."""

    observed_at: int | None = None
    received_at: int | None = None
    clock_refused_at: int | None = None


def live_bound(expected_interval: int) -> int:
    """Return the age up to which an observation is live."""
    return LIVE_INTERVALS * expected_interval + GRACE


def state(last: LastSeen, expected_interval: int, now: int) -> State:
    """Return the state of a device that should report every ``expected_interval``."""
    on_time = live_bound(expected_interval)
    given_up = SILENT_INTERVALS * expected_interval + GRACE
    refused, received, observed = last.clock_refused_at, last.received_at, last.observed_at
    if refused is not None and now - refused <= given_up and (received is None or refused > received):
        return State.CLOCK_WRONG
    if observed is None or received is None:
        return State.SILENT
    if now - observed <= on_time:
        return State.LIVE
    if now - received <= on_time:
        return State.LATE
    return State.STALE if now - observed <= given_up else State.SILENT
