"""When the attributes of an entity were true: by their own time, the entity's, or when the broker changed it.

In this order, as FIWARE's QuantumLeap chooses (recalled): the attribute's ``observedAt`` or the metadata TimeInstant or
timestamp; the entity's TimeInstant, dateObserved or the like; and where nothing of this is given, when the attribute or
else the entity was modified. Of an interval (``begin/end``) it is the end. A time without offset is what a clock
showed.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

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


class EntityTime(NamedTuple):
    """An instant in microseconds, or what a clock showed as if it were UTC; both None where nobody says when it was."""

    instant: int | None = None
    local: int | None = None


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
        self._observed = next(((name, given[name]) for name in OBSERVED if name in given), None)
        self._modified = next(((name, given[name]) for name in MODIFIED if name in given), None)
        self._read: dict[str, EntityTime] = {}

    def of(self, attribute: TimedAttribute) -> EntityTime:
        """Return when an attribute was true; raises ValueError in words for what is no time."""
        own = ("observedAt", attribute.observed_at) if attribute.observed_at is not None else None
        changed = ("modifiedAt", attribute.modified_at) if attribute.modified_at is not None else None
        chosen = own or self._observed or changed or self._modified
        if chosen is None:
            return EntityTime()
        key, given = chosen
        if not isinstance(given, str):
            raise ValueError(f"{key} is {named(given)}; {_EXPECTED}")  # noqa: TRY004 a time is at fault, not a caller
        if given not in self._read:
            self._read[given] = _time(key, given)
        return self._read[given]


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
        return EntityTime(*local.or_instant(given.rpartition("/")[2]))
    except ValueError:
        raise ValueError(f"{key} is {named(given)}; {_EXPECTED}") from None
