"""What asks a loop to stop after so many waits, which take no time."""

import time
from collections.abc import Callable


class StoppedAfter:
    """Asks to stop after so many ``waits``, keeps how long each was to be, and does something in each."""

    def __init__(self, waits: int, waiting: Callable[[], object] = lambda: time.sleep(0.01)) -> None:
        self.left, self.waited = waits, list[float]()
        self._waiting = waiting

    def __bool__(self) -> bool:
        return self.left == 0

    def wait(self, seconds: float) -> bool:
        """Note it, and say whether that was the last."""
        self.waited.append(seconds)
        self.left -= 1
        self._waiting()
        return not self.left
