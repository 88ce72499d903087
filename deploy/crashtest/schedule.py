"""Whom to kill and when: every part in turn, in random order, 0.2 to 5 s apart; the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SHORTEST_SECONDS: Final = 0.2
LONGEST_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Kill:
    """Wait ``pause`` seconds, then kill -9 ``part``."""

    pause: float
    part: str


def schedule(parts: Sequence[str], rounds: int, seed: int) -> Iterator[Kill]:
    """Yield ``rounds`` kills, each part as often as any other (within one)."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, no secret
    waiting: list[str] = []
    for _ in range(rounds):
        if not waiting:
            waiting = chance.sample(parts, len(parts))
        yield Kill(chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS), waiting.pop())
