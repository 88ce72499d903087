"""The fields of a document by their path: ``object.temperature``; places of an array count from 0."""

from collections.abc import Iterator
from math import isfinite
from typing import Final, NamedTuple

from ingest.errors import OverLimitError
from ingest.limits import PayloadLimits

_BEYOND: Final = "a number beyond every float"


class Fields(NamedTuple):
    """Numbers and texts by path.

    True is 1 and false is 0; null is left out. What is no number that a 64-bit float can hold is handed on as text: it
    is refused where somebody declared the field, and costs nothing where nobody did.
    """

    values: dict[str, float | None]
    texts: dict[str, str]

    def __bool__(self) -> bool:
        """Whether there is any field."""
        return bool(self.values or self.texts)

    def add(self, further: "Fields") -> None:
        """Take ``further`` fields as well."""
        self.values.update(further.values)
        self.texts.update(further.texts)


def fields(found: object, path: str, limits: PayloadLimits) -> Fields:
    """Return what stands at ``path`` and below; raises OverLimitError where that is more than one message may hold."""
    taken = Fields({}, {})
    for count, (name, value) in enumerate(_leaves(found, path, 1, limits)):
        if count >= limits.readings:
            raise OverLimitError("fields or more", count + 1, limits.readings, count)
        if len(name) > limits.name:
            raise OverLimitError("characters in the path of a field", len(name), limits.name, count)
        put(taken, name, value)
    return taken


def put(taken: Fields, name: str, value: object) -> None:
    """Add one field; null is left out."""
    if isinstance(value, str):
        taken.texts[name] = value
    elif isinstance(value, (int, float)):
        number = finite(value)
        if number is None:
            taken.texts[name] = str(value) if isinstance(value, float) else _BEYOND
        else:
            taken.values[name] = number


def finite(number: float) -> float | None:
    """Return ``number`` as a float, None where no finite one holds it."""
    try:
        found = float(number)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def _leaves(found: object, path: str, depth: int, limits: PayloadLimits) -> Iterator[tuple[str, object]]:
    if not isinstance(found, (dict, list)):
        yield path, found
        return
    if depth > limits.depth:
        raise OverLimitError("levels of nesting or more", depth, limits.depth, 1)
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in pairs:
        yield from _leaves(value, f"{path}.{key}" if path else str(key), depth + 1, limits)
