"""Causes: why a figure is computed again, how urgent that is, and in words what exactly moved."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ingest.model.spans import Span

LONGEST: Final = 300  # characters of a detail: what moves a city's year may be a thousand meters
MORE: Final = "; and more"


class Cause(StrEnum):
    """Why a figure is computed."""

    REQUESTED = "requested"
    LATE_DATA = "late data"
    FIRST_DATA = "first data"  # a first load: nothing was known before
    NEW_HOUR = "new hour"
    PERIOD_CLOSED = "period closed"
    DEFINITION_CHANGED = "definition changed"  # a meter, a fact, a factor or the zone
    RULE_CHANGED = "rule changed"  # the figure it replaces followed another version of the rules

    @property
    def urgency(self) -> int:
        """What comes first: 0 what somebody waits for, 1 to 3 what time brings, 4 what can be done over night."""
        return _URGENCIES[self]


_URGENCIES: Final = {
    Cause.REQUESTED: 0,
    Cause.LATE_DATA: 0,
    Cause.NEW_HOUR: 1,
    Cause.PERIOD_CLOSED: 2,
    Cause.FIRST_DATA: 3,
    Cause.DEFINITION_CHANGED: 4,
    Cause.RULE_CHANGED: 4,
}


@dataclass(frozen=True)
class Why:
    """A cause, and what exactly moved; None where time alone did."""

    cause: Cause
    detail: str | None = None

    def joined(self, other: "Why") -> "Why":
        """Return both as one: the more urgent cause, what moved by either of them.

        What waits for its first data is not there yet: nothing comes late for it.
        """
        causes = {self.cause, other.cause}
        is_first = causes == {Cause.FIRST_DATA, Cause.LATE_DATA}
        cause = Cause.FIRST_DATA if is_first else min(self.cause, other.cause, key=lambda one: one.urgency)
        return Why(cause, _both(self.detail, other.detail))


@dataclass(frozen=True)
class Moved:
    """What of a definition changed, in words, and in which spans that matters; None: unknown, and always."""

    detail: str | None = None
    spans: tuple[Span, ...] | None = None


def _both(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return one or other
    if other in one or one.endswith(MORE):
        return one
    return f"{one}; {other}" if len(one) + len(other) <= LONGEST else f"{one}{MORE}"
