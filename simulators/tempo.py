"""How fast the past may be published: as fast as live readings still arrive on time.

The broker takes whatever it is given; a queue behind it shows in the feedback of devices, as the clock offset [s] of
their live readings. Once it stays away for longer than it usually does, nothing is stored: that is later than any
offset. Where nobody gives feedback, the tempo stays at its first value. Times are microseconds.

What stays late at the slowest tempo is so whatever the past does: other programs have the machine, for one. By so much
readings may be late at any tempo, or the past would take days beside busy programs, and that would help nobody.
"""

from collections.abc import Sequence
from math import inf
from statistics import median
from typing import Final

import msgspec

from ingest.model.time import MINUTE, SECOND

SLOWEST: Final = 2.0  # messages a second, each one day of one device
FIRST: Final = 30.0
FASTEST: Final = 120.0

_CHANGED_EVERY: Final = 2 * SECOND
_ON_TIME: Final = 1.0  # s
_LATE: Final = 3.0  # s
_FASTER: Final = 1.25
_SLOWER: Final = 0.5
_SILENT: Final = 10 * SECOND  # at least, and twice as long as it was ever silent while readings were on time
_LONGEST_SILENCE: Final = MINUTE  # a device gets feedback at most once a minute
_MOST_USUAL: Final = 30.0  # s; where readings come later even so, the past waits
_SETTLED: Final = 0.8  # of what they were late by in the minute before
_A_WRONG_CLOCK: Final = 600.0  # s; more than that is a fault of the device, and no sign of a queue


class _Feedback(msgspec.Struct):
    clock_offset_s: float | None = None


class Tempo:
    """Messages of history a second, adapted to the feedback of devices."""

    def __init__(self, fastest: float = FASTEST) -> None:
        self.per_second = min(FIRST, fastest)
        self._fastest = fastest
        self._lags: list[float] = []
        self._changed_at = 0
        self._latest: int | None = None
        self._usual_silence = 0
        self._usual_lag = 0.0
        self._minute: list[float] = []
        self._minute_began, self._was_slow, self._former_lag = 0, True, inf

    @property
    def interval(self) -> int:
        """Microseconds between two messages."""
        return int(SECOND / self.per_second)

    def adapt(self, feedback: Sequence[bytes], now: int) -> None:
        """Take note of the feedback of some devices; every two seconds that changes the tempo."""
        lags = [lag for payload in feedback if (lag := _lag(payload)) is not None]
        if lags:
            self._note_silence(median(lags), now)
        self._lags += lags
        if now - self._changed_at < _CHANGED_EVERY:
            return
        if self._lags:
            self._change(median(self._lags), now)
        elif self._latest is not None and now - self._latest > max(_SILENT, 2 * self._usual_silence):
            self._change(inf, now)
        self._lags, self._changed_at = [], now

    def _note_silence(self, lag: float, now: int) -> None:
        if self._latest is not None and lag < _ON_TIME:
            self._usual_silence = max(self._usual_silence, min(now - self._latest, _LONGEST_SILENCE))
        self._latest = now

    def _change(self, lag: float, now: int) -> None:
        self._note_lag(lag, now)
        if lag > self._usual_lag + _LATE:
            self.per_second = max(SLOWEST, self.per_second * _SLOWER)
        elif lag < self._usual_lag + _ON_TIME:
            self.per_second = min(self._fastest, self.per_second * _FASTER)

    def _note_lag(self, lag: float, now: int) -> None:
        """Learn minute by minute how late readings are whatever the past does.

        That is so late as they are at the slowest tempo, once no queue is being worked off any more.
        """
        self._was_slow &= self.per_second <= SLOWEST
        self._minute.append(lag)
        if now - self._minute_began < MINUTE:
            return
        usual = median(self._minute)
        is_settled = self._was_slow and _SETTLED * self._former_lag <= usual < inf
        if is_settled or usual < self._usual_lag:
            self._usual_lag = min(usual, _MOST_USUAL)
        self._minute, self._minute_began, self._was_slow, self._former_lag = [], now, True, usual


def _lag(payload: bytes) -> float | None:
    """Return by how many seconds a device's live reading was late, or None where the feedback has no offset."""
    try:
        offset = msgspec.json.decode(payload, type=_Feedback).clock_offset_s
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return None if offset is None or abs(offset) > _A_WRONG_CLOCK else max(0.0, -offset)
