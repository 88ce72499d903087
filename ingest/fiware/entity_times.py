"""When the attributes of an entity were true: by their own time, the entity's, or when the broker changed it.

In this order, as FIWARE's QuantumLeap chooses (recalled): the attribute's ``observedAt`` or the metadata TimeInstant or
timestamp; the entity's TimeInstant, dateObserved or the like; and where nothing of this is given, when the attribute or
else the entity was modified. Of an interval (``begin/end``) it is the end. A time without offset is what a clock
showed.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ingest.payloads import instants, local
from ingest.payloads.document import named

OBSERVED: Final = (
    "TimeInstant",
    "dateObserved",
    "observationDateTime",
    "observedAt",
    "timestamp",
    "dateObservedTo",
    "dateLastValueReported",
)
MODIFIED: Final = ("dateModified", "modifiedAt")
TIMES: Final = frozenset((*OBSERVED, *MODIFIED, "dateCreated", "createdAt", "dateObservedFrom"))
_EXPECTED: Final = "expected a date and a time of day, such as 2026-11-21T23:00:00Z"


# An instant in microseconds, or what a clock showed as if it were UTC; both None where nobody says when it was.
EntityTime = tuple[int | None, int | None]
_UNTOLD: Final[EntityTime] = (None, None)


class TimedAttribute(Protocol):
    """What an attribute says of times, as it came."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def value(self) -> object:
        """Its value."""

    @property
    def observed_at(self) -> object:
        """When it was true."""

    @property
    def modified_at(self) -> object:
        """When the broker changed it."""


class EntityTimes:
    """The times of the attributes of one entity; each is read once."""

    def __init__(self, attributes: Sequence[TimedAttribute]) -> None:
        given = {one.name: one.value for one in attributes if one.name in TIMES and isinstance(one.value, str)}
        self._observed = _first(OBSERVED, given) if given else None
        self._modified = _first(MODIFIED, given) if given else None
        self._read: dict[str, EntityTime] = {}

    def of(self, attribute: TimedAttribute) -> EntityTime:
        """Return when an attribute was true; raises ValueError in words for what is no time."""
        given: object
        if attribute.observed_at is not None:
            key, given = "observedAt", attribute.observed_at
        elif self._observed:
            key, given = self._observed
        elif attribute.modified_at is not None:
            key, given = "modifiedAt", attribute.modified_at
        elif self._modified:
            key, given = self._modified
        else:
            return _UNTOLD
        if not isinstance(given, str):
            raise ValueError(f"{key} is {named(given)}; {_EXPECTED}")  # noqa: TRY004 a time is at fault, not a caller
        if (found := self._read.get(given)) is None:
            found = self._read[given] = _time(key, given)
        return found


def _first(names: Sequence[str], given: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the first of the names that is given, with what is given there."""
    for name in names:
        if name in given:
            return name, given[name]
    return None


def is_time(text: str) -> bool:
    """Whether a text is a time and no state."""
    if not text[:1].isdigit():
        return False
    try:
        instants.of_text(text)
    except ValueError:
        return False
    return True


def _time(key: str, given: str) -> EntityTime:
    try:
        return local.or_instant(given.rpartition("/")[2])
    except ValueError:
        raise ValueError(f"{key} is {named(given)}; {_EXPECTED}") from None
