"""Wrong logins: whoever keeps guessing waits longer for each answer, and nobody is locked out.

A token has 256 random bits, so this is not what protects it: it keeps a guesser from costing much.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

FORGIVEN: Final = 3
STEP: Final = 0.2
LONGEST: Final = 2.0
MEMORY_SECONDS: Final = 60.0
MOST_ADDRESSES: Final = 10_000


class Attempts:
    """Counts wrong logins by address until there was none for a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # the last to err stands last

    def delay(self, address: str) -> float:
        """Return how long the next login of ``address`` has to wait [s]."""
        with self._lock:
            return min(LONGEST, STEP * max(0, self._count(address) - FORGIVEN))

    def failed(self, address: str) -> None:
        """Take note of a wrong login."""
        with self._lock:
            count = self._count(address) + 1
            self._wrong.pop(address, None)
            self._wrong[address] = count, self._clock()
            if len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def _count(self, address: str) -> int:
        count, at = self._wrong.get(address, (0, 0.0))
        return count if self._clock() - at < MEMORY_SECONDS else 0
