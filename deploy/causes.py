"""Why a role is not ready: what hinders it in words, and since when. Read from other threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

STARTING: Final = "not reached yet"


@dataclass(frozen=True)
class Cause:
    """A sentence about what hinders a role, and since when it does."""

    sentence: str
    since: datetime


Source = Callable[[], Mapping[str, Cause]]


class Unreadiness:
    """Why a role is not ready, by name; empty when it is. What is set here goes before what a source tells."""

    def __init__(self, *starting: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._causes: dict[str, Cause] = {}
        self._sources: list[Source] = []
        self._followed: dict[str, Callable[[], str | None]] = {}
        for name in starting:
            self.set(name, STARTING)

    def __call__(self) -> dict[str, Cause]:
        """Return the causes as they are now."""
        for name, ask in self._followed.items():
            if sentence := ask():
                self.set(name, sentence)
            else:
                self.clear(name)
        causes = dict(self._causes)
        for source in self._sources:
            causes = {**source(), **causes}
        return causes

    def clear(self, name: str) -> None:
        """Strike out a cause."""
        self._causes.pop(name, None)

    def set(self, name: str, sentence: str) -> None:
        """Name a cause; one that is known stands since it was first named, whatever is said of it meanwhile."""
        known = self._causes.get(name)
        self._causes[name] = Cause(sentence, known.since if known else self._clock())

    def ask(self, source: Source) -> None:
        """Let ``source`` be asked for more causes whenever somebody wants to know."""
        self._sources.append(source)

    def follow(self, name: str, ask: Callable[[], str | None]) -> None:
        """Ask for the sentence of a cause whenever somebody wants to know; None says that it does not hinder."""
        self._followed[name] = ask
