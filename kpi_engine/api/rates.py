"""How many messages a sender may post: so many a second, and a store of them for what it could not send meanwhile."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import Final

from kpi_engine.api.errors import TooManyRequestsError

A_SECOND: Final = 50.0
AT_ONCE: Final = 500.0
MOST_SENDERS: Final = 20_000


class MessageRates:
    """Counts requests by credential, as a bucket that fills evenly (token bucket)."""

    def __init__(
        self, a_second: float = A_SECOND, at_once: float = AT_ONCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._a_second, self._at_once, self._clock = a_second, at_once, clock
        self._lock = Lock()
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()  # the last to send stands last

    def take(self, credential: bytes) -> None:
        """Count a request of ``credential``; raises TooManyRequestsError where it has none left."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(credential, (self._at_once, now))
            left = min(self._at_once, left + (now - since) * self._a_second)
            self._left[credential] = (left - 1 if left >= 1 else left), now
            if len(self._left) > MOST_SENDERS:
                self._left.popitem(last=False)
        if left < 1:
            seconds = ceil((1 - left) / self._a_second)
            raise TooManyRequestsError(
                f"more than {self._a_second:g} messages a second, and {self._at_once:g} at once, of one sender; "
                f"nothing was taken. Send it again in {seconds} s, or more readings in a message"
            )
