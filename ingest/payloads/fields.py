"""The fields of a document by their path: ``object.temperature``; places of an array count from 0."""

from itertools import chain
from math import isfinite
from typing import Any, Final

import msgspec

from ingest.errors import OverLimitError
from ingest.limits import PayloadLimits

_Members = dict[str, Any] | list[Any]

EXACT: Final = 2**53  # up to here every whole number is a float
_BEYOND: Final = "a number beyond every float"


class Fields(msgspec.Struct, frozen=True, gc=False):
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
    if isinstance(found, (dict, list)):
        _take(taken, found, f"{path}." if path else "", 1, limits)
    else:
        put(taken, path, found)
    values, texts = taken.values, taken.texts
    count = len(values) + len(texts)
    if count > limits.readings:
        raise OverLimitError("fields", count, limits.readings, count)
    if len("".join(values)) + (len("".join(texts)) if texts else 0) > limits.name:  # else none of them is that long
        longest = max(map(len, chain(values, texts)))
        if longest > limits.name:
            raise OverLimitError("characters in the path of a field", longest, limits.name, count)
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


def _take(taken: Fields, found: _Members, prefix: str, depth: int, limits: PayloadLimits) -> None:
    """Add the members of an object or an array; what they are is looked up by their types, which is the fast way."""
    if depth > limits.depth:
        raise OverLimitError("levels of nesting or more", depth, limits.depth, 1)
    values, texts = taken.values, taken.texts
    for key, value in found.items() if type(found) is dict else enumerate(found):
        kind = type(value)
        name = key if not prefix and type(key) is str else f"{prefix}{key}"
        if kind is float and isfinite(value):
            values[name] = value
        elif kind is str:
            texts[name] = value
        elif (kind is int and -EXACT < value < EXACT) or kind is bool:
            values[name] = float(value)
        elif kind is dict or kind is list:
            _take(taken, value, f"{name}.", depth + 1, limits)
        else:
            put(taken, name, value)
