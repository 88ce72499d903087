"""How far a consumer is behind, in seconds; pure, times are seconds of one clock.

Two things make it: the age of the oldest record that was taken and is not accepted yet, and how long a partition has
had records without any being taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Partition = TypeVar("Partition")


@dataclass
class Lag(Generic[Partition]):
    """What is known of a consumer's progress."""

    _oldest: float | None = None
    _waiting: dict[Partition, tuple[int, float]] = field(default_factory=dict)

    def take(self, appended_at: float) -> None:
        """Take note that records are in hand, the oldest of which was appended at ``appended_at``."""
        self._oldest = appended_at

    def accept(self) -> None:
        """Take note that nothing is in hand any more."""
        self._oldest = None

    def look(self, reached: Mapping[Partition, int], ends: Mapping[Partition, int], now: float) -> None:
        """Take note of the positions ``reached`` and of the ``ends`` of partitions."""
        before, self._waiting = self._waiting, {}
        for partition, position in reached.items():
            if ends[partition] > position:
                known, since = before.get(partition, (position, now))
                self._waiting[partition] = position, since if known == position else now

    def seconds(self, now: float) -> float:
        """Return how far the consumer is behind."""
        since = [since for _, since in self._waiting.values()]
        return max(0.0, now - min([now, *since, *([] if self._oldest is None else [self._oldest])]))
