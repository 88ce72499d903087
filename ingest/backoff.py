"""How long to wait between two attempts at what is away: a broker, Kafka, the database."""

from collections.abc import Callable
from random import random
from typing import Final

FIRST: Final = 0.2  # seconds
CEILING: Final = 10.0
JITTER: Final = 0.2  # of a pause at the most: who lost one server together does not come back together


class Backoff:
    """Pauses in seconds that double from ``first`` to ``ceiling``, each shortened by chance; ``draw``: from [0, 1)."""

    def __init__(self, first: float = FIRST, ceiling: float = CEILING, draw: Callable[[], float] = random) -> None:
        self._first, self._ceiling, self._draw = first, ceiling, draw
        self._pause = first

    def next(self) -> float:
        """Return the pause before the next attempt."""
        pause = self._pause
        self._pause = min(2 * pause, self._ceiling)
        return pause * (1.0 - JITTER * self._draw())

    def reset(self) -> None:
        """Begin with the first pause again: an attempt succeeded."""
        self._pause = self._first
