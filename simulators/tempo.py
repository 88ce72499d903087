"""How fast the past may be published: as fast as live readings still arrive on time.

The broker takes whatever it is given; a queue behind it shows in the feedback of devices, as the clock offset [s] of
their live readings. Once it stays away for longer than it usually does, nothing is stored: that is later than any
offset. Where nobody gives feedback, the tempo stays at its first value. Times are microseconds.
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
            self._change(median(self._lags))
        elif self._latest is not None and now - self._latest > max(_SILENT, 2 * self._usual_silence):
            self._change(inf)
        self._lags, self._changed_at = [], now

    def _note_silence(self, lag: float, now: int) -> None:
        if self._latest is not None and lag < _ON_TIME:
            self._usual_silence = max(self._usual_silence, min(now - self._latest, _LONGEST_SILENCE))
        self._latest = now

    def _change(self, lag: float) -> None:
        if lag > _LATE:
            self.per_second = max(SLOWEST, self.per_second * _SLOWER)
        elif lag < _ON_TIME:
            self.per_second = min(self._fastest, self.per_second * _FASTER)


def _lag(payload: bytes) -> float | None:
    """Return by how many seconds a device's live reading was late, or None where the feedback has no offset."""
    try:
        offset = msgspec.json.decode(payload, type=_Feedback).clock_offset_s
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return None if offset is None or abs(offset) > _A_WRONG_CLOCK else max(0.0, -offset)
