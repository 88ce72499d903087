"""Whether work moves: of each loop the piece in hand and how long it has been in hand, failures and retries included.

A loop that hangs raises nothing, so its silence is what tells. Times are seconds of a monotonic clock.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from deploy.causes import Cause
from ingest.model.sentences import Sentence

SINCE: Final = Sentence("{what} since {time}: {why}")
PATIENCE_SECONDS: Final = 45.0
"""So long one piece of work may take before a role says that it does not move: they are made to take a few seconds."""
SUSPICION: Final = 0.2  # of the patience: from then on it is worth while to ask what holds a loop up

Clock = Callable[[], float]
Arguments = TypeVar("Arguments")
Result = TypeVar("Result")


class Loop:
    """A loop of a role. ``work`` names what it does, ``means`` says what is not done while it does not move."""

    def __init__(
        self, work: str, means: str, patience: float = PATIENCE_SECONDS, clock: Clock = time.monotonic
    ) -> None:
        self.work = work
        self.means = means
        self.patience = patience
        self._clock = clock
        self._begun: float | None = None
        self.since = datetime.now(UTC)

    @contextmanager
    def piece(self) -> Iterator[None]:
        """Do a piece of work inside. One that fails is still in hand: it is tried again, and began when it began."""
        if self._begun is None:
            self._begun, self.since = self._clock(), datetime.now(UTC)
        yield
        self._begun = None

    def around(self, work: Callable[[Arguments], Result]) -> Callable[[Arguments], Result]:
        """Return ``work`` as a piece of this loop's."""

        def piece(arguments: Arguments) -> Result:
            with self.piece():
                return work(arguments)

        return piece

    @property
    def in_hand(self) -> float:
        """How long the piece in hand has been; 0 while there is nothing to do."""
        begun = self._begun
        return 0.0 if begun is None else max(0.0, self._clock() - begun)


class Waiting:
    """Something that waits to be worked off. ``age`` tells how old the oldest of it is; None when nothing waits.

    ``patience``: the age from which on it hinders; None where old ones are in order, as with history.
    """

    def __init__(self, name: str, age: Callable[[], float | None], patience: float | None = None) -> None:
        self.name = name
        self.patience = patience
        self._age = age

    @property
    def age(self) -> float:
        """How old the oldest is, in seconds; 0 when nothing waits."""
        return max(0.0, self._age() or 0.0)


class Progress(Collector):
    """The loops of a role and what waits for them. ``why`` may know what holds them up."""

    def __init__(self, loops: Sequence[Loop], waiting: Sequence[Waiting] = ()) -> None:
        self.loops = loops
        self.waiting = waiting
        self.why: Callable[[], str | None] = lambda: None

    def causes(self) -> dict[str, Cause]:
        """Return which loops do not move, and what has waited for too long."""
        stalled = {loop.work: self._stalled(loop) for loop in self.loops if self._stands(loop)}
        overdue = {
            f"oldest {one.name}": self._overdue(one, age, one.patience)
            for one in self.waiting
            if one.patience is not None and (age := one.age) > one.patience
        }
        return stalled | overdue

    def _stands(self, loop: Loop) -> bool:
        """Whether a loop does not move: at once where something is known to hold it up."""
        return loop.in_hand > loop.patience or (loop.in_hand > SUSPICION * loop.patience and self.why() is not None)

    def _stalled(self, loop: Loop) -> Cause:
        why = self.why() or _too_long(loop.patience)
        return Cause(SINCE.of(what=loop.means, time=f"{loop.since:%H:%M:%S}Z", why=why), loop.since)

    def _overdue(self, one: Waiting, age: float, patience: float) -> Cause:
        why = self.why() or _too_long(patience)
        return Cause(
            Sentence("the oldest {what} waits: {why}").of(what=one.name, why=why),
            datetime.now(UTC) - timedelta(seconds=age),
        )

    @property
    def is_held_up(self) -> bool:
        """Whether it is worth while to ask what holds a loop up."""
        return any(loop.in_hand > SUSPICION * loop.patience for loop in self.loops)

    def backlog(self) -> dict[str, float]:
        """Return the age of the oldest of what waits, by name."""
        return {one.name: round(one.age, 1) for one in self.waiting}

    def describe(self) -> list[Metric]:
        """Return nothing: registering must not ask."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the ages as gauges."""
        held = GaugeMetricFamily(
            "pharos_work_in_hand_seconds",
            "How long the piece of work in hand has been, retries included; 0 without work.",
            labels=["work"],
        )
        for loop in self.loops:
            held.add_metric([loop.work], loop.in_hand)
        oldest = GaugeMetricFamily(
            "pharos_oldest_waiting_seconds", "Age of the oldest of what waits; 0 when nothing does.", labels=["what"]
        )
        for one in self.waiting:
            oldest.add_metric([one.name], one.age)
        yield held
        yield oldest


def _too_long(patience: float) -> str:
    return Sentence("it takes longer than {seconds} s, and nothing is known that holds it up").of(
        seconds=f"{patience:.0f}"
    )
