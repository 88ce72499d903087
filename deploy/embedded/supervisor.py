"""Keeps the parts of a stack alive: starts them in order, restarts what dies, stops them in reverse order.

It works in one thread, since children are tied to the thread that started them, and is interrupted by signals. None of
its looks waits for a part to come up: a database that recovers for minutes keeps nobody else from being looked after.
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from deploy.errors import DeployError

TICK_SECONDS = 0.1  # between two looks while something does not run
CALM_SECONDS = 0.5  # while everything does
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
STEADY_SECONDS = 60.0  # whoever ran for so long starts with the first delay again

Announce = Callable[[str], None]


class Part(Protocol):
    """Something that runs as a child process."""

    name: str
    log: Path

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""

    def start(self) -> None:
        """Start it and return when it is up; raise DeployError when that fails."""

    def launch(self) -> None:
        """Start it and return at once; raise DeployError when that fails."""

    def is_up(self) -> bool:
        """Tell whether what was launched does its work by now; raise DeployError when it will not."""

    def stop(self) -> None:
        """Stop it and return when it is gone."""


class StopRequestedError(BaseException):
    """Somebody asked this process to stop; not an Exception, so that nothing on the way takes it for a failure."""


@dataclass
class _Watch:
    """A part, when it was started, and how long to wait before it is started again."""

    part: Part
    started: float
    delay: float = FIRST_DELAY_SECONDS
    due: float | None = None
    is_coming_up: bool = False


class Supervisor:
    """The parts that were started, in order."""

    def __init__(self, announce: Announce, clock: Callable[[], float] = time.monotonic) -> None:
        self._announce = announce
        self._clock = clock
        self._watches: list[_Watch] = []

    def start(self, part: Part) -> None:
        """Start ``part`` and keep it alive from now on; raise DeployError when it does not start."""
        # Noted before it is started: a start that is interrupted half-way is stopped like any other.
        self._watches.append(_Watch(part, self._clock()))
        part.start()

    def watch(self, chores: Sequence[Callable[[], None]] = ()) -> None:
        """Restart what dies and do ``chores`` at every look, until a signal ends it (StopRequestedError)."""
        while True:
            self.look()
            for chore in chores:
                self._do(chore)
            time.sleep(TICK_SECONDS if self.down() else CALM_SECONDS)

    def down(self) -> dict[str, str]:
        """Return the parts that do not run now, and what is done about it."""
        waiting = {one.part.name: "it ended and is started again in a moment" for one in self._watches if one.due}
        coming = {one.part.name: "it was started again and is not up yet" for one in self._watches if one.is_coming_up}
        return waiting | coming

    def look(self) -> None:
        """Look at every part once: note who died, start again who is due."""
        for each in self._watches:
            if each.is_coming_up:
                self._settle(each)
            elif each.due is not None and self._clock() >= each.due:
                self._restart(each)
            elif each.due is None and (code := each.part.exit_code) is not None:
                self._note_end(each, code)

    def stop(self) -> None:
        """Stop every part in reverse order; what stopped before stays stopped."""
        while self._watches:
            self._watches.pop().part.stop()

    def _do(self, chore: Callable[[], None]) -> None:
        try:
            chore()
        except (DeployError, OSError) as error:  # a full disk or a damaged file must not end what works
            self._announce(str(error))

    def _note_end(self, each: _Watch, code: int) -> None:
        if self._clock() - each.started > STEADY_SECONDS:
            each.delay = FIRST_DELAY_SECONDS
        self._announce(
            f"{each.part.name} ended {_manner(code)}; starting it again in {each.delay:.1f} s. Its log: {each.part.log}"
        )
        self._postpone(each)

    def _restart(self, each: _Watch) -> None:
        each.due, each.started = None, self._clock()
        try:
            each.part.launch()
        except (DeployError, OSError) as error:
            self._give_up(each, error)
        else:
            each.is_coming_up = True
            self._settle(each)

    def _settle(self, each: _Watch) -> None:
        """See whether a part that was launched is up."""
        try:
            each.is_coming_up = not each.part.is_up()
        except (DeployError, OSError) as error:
            each.is_coming_up = False
            self._give_up(each, error)
        else:
            if not each.is_coming_up:
                self._announce(f"{each.part.name} was started again")

    def _give_up(self, each: _Watch, error: Exception) -> None:
        self._announce(f"{each.part.name} does not start: {error}; trying again in {each.delay:.1f} s")
        self._postpone(each)

    def _postpone(self, each: _Watch) -> None:
        each.due = self._clock() + each.delay
        each.delay = min(2 * each.delay, LONGEST_DELAY_SECONDS)


@contextmanager
def stopped_by_signals(announce: Announce) -> Iterator[None]:
    """Raise StopRequestedError in the block at the first SIGINT, SIGTERM or SIGHUP; only say so at further ones."""
    requests = 0

    def on_signal(number: int, _frame: FrameType | None) -> None:
        nonlocal requests
        requests += 1
        if requests > 1:
            announce("already stopping; everything is being written, please wait")
            return
        raise StopRequestedError(signal.Signals(number).name)

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _manner(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
