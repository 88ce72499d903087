"""How fast the past may be published: as fast as live readings still arrive on time.

The broker takes whatever it is given; a queue behind it shows in the feedback of devices, as the clock offset [s] of
their live readings. Where nobody gives feedback, the tempo stays at its first value. Times are microseconds.
"""

from collections.abc import Sequence
from statistics import median
from typing import Final

import msgspec

from ingest.model.time import SECOND

SLOWEST: Final = 2.0  # messages a second, each one day of one device
FIRST: Final = 30.0
FASTEST: Final = 120.0

_JUDGED_EVERY: Final = 2 * SECOND
_ON_TIME: Final = 1.0  # s
_LATE: Final = 3.0  # s
_FASTER: Final = 1.25
_SLOWER: Final = 0.5
_A_WRONG_CLOCK: Final = 600.0  # s; more than that is a fault of the device and says nothing about a queue


class _Feedback(msgspec.Struct):
    clock_offset_s: float | None = None


class Tempo:
    """Messages of history a second, adapted to what devices are told."""

    def __init__(self, fastest: float = FASTEST) -> None:
        self.per_second = min(FIRST, fastest)
        self._fastest = fastest
        self._lags: list[float] = []
        self._judged = 0

    @property
    def interval(self) -> int:
        """Microseconds between two messages."""
        return int(SECOND / self.per_second)

    def hear(self, told: Sequence[bytes], now: int) -> None:
        """Take note of the feedback of some devices; every two seconds that changes the tempo."""
        self._lags += [lag for payload in told if (lag := _lag(payload)) is not None]
        if now - self._judged < _JUDGED_EVERY:
            return
        if self._lags:
            self._judge(median(self._lags))
        self._lags, self._judged = [], now

    def _judge(self, lag: float) -> None:
        if lag > _LATE:
            self.per_second = max(SLOWEST, self.per_second * _SLOWER)
        elif lag < _ON_TIME:
            self.per_second = min(self._fastest, self.per_second * _FASTER)


def _lag(payload: bytes) -> float | None:
    """Return by how many seconds a device's live reading was behind on arrival, or None where nothing tells."""
    try:
        offset = msgspec.json.decode(payload, type=_Feedback).clock_offset_s
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return None if offset is None or abs(offset) > _A_WRONG_CLOCK else max(0.0, -offset)
