"""Models as canonical JSON, written as they are: the same text as of their dump, without making that first.

Most figures are of a few meters and some numbers, and the same entries stand in many of them. Lists that are kept as
columns are written from those. Long lists and whatever else only its own model knows how to write are left to that.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, Final

from pydantic import BaseModel

NOTHING: Final[Mapping[str, str]] = {}
LONGEST: Final = 200  # entries of a list; of more, a digest may be kept, which its field decides


class OtherKindError(Exception):
    """A value is of a kind that only its own model knows how to write."""


class WrittenOnce(BaseModel):
    """Base of what stands in the inputs of many figures; frozen."""

    @cached_property
    def written(self) -> str:
        """The model as canonical JSON; raises OtherKindError."""
        return written_model(self)


class WrittenColumns(ABC):
    """Base of lists of models that are kept as columns."""

    @abstractmethod
    def written(self) -> str:
        """Return the list as canonical JSON; raises OtherKindError."""


def written_columns(kind: type[BaseModel], columns: Mapping[str, Sequence[Any]]) -> str:
    """Return canonical JSON of models of one ``kind``, of which each field is told by a column of its values.

    What no column tells is in all of them what it is by default. Raises OtherKindError where there are so many of them
    that a digest may stand for all.
    """
    rows: list[list[str]] = [[] for _ in next(iter(columns.values()))]
    if len(rows) > LONGEST:
        raise OtherKindError
    for name, key, default in _fields(kind):
        for row, value in zip(rows, columns.get(name, ()), strict=name in columns):
            if value is not default and value != default:
                row.append(key + _written(value))
    return "[" + ",".join(["{" + ",".join(row) + "}" for row in rows]) + "]"


def written_model(model: BaseModel, instead: Mapping[str, str] = NOTHING) -> str:
    """Return canonical JSON of the fields that are not what they are by default, in the order of their names.

    ``instead``: what stands for some fields, as JSON. Raises OtherKindError, and then the model has to be dumped.
    """
    values = vars(model)
    found = []
    for name, key, default in _fields(type(model)):
        if name in instead:
            found.append(key + instead[name])
        elif (value := values[name]) is not default and value != default:
            found.append(key + _written(value))
    return "{" + ",".join(found) + "}"


@lru_cache(maxsize=1_024)
def _fields(kind: type[BaseModel]) -> tuple[tuple[str, str, Any], ...]:
    """Return name, key as it is written, and default of each field, in the order of their names."""
    fields = sorted(kind.model_fields.items())
    return tuple((name, f"{encode_basestring(name)}:", field.default) for name, field in fields)


def _written(value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    if write := _WRITERS.get(type(value)):
        return write(value)
    if isinstance(value, WrittenOnce):
        return value.written
    if isinstance(value, WrittenColumns):
        return value.written()
    if isinstance(value, BaseModel):
        return written_model(value)
    if isinstance(value, StrEnum):
        return encode_basestring(value.value)
    raise OtherKindError


def _number(value: float) -> str:
    if not isfinite(value):
        raise OtherKindError
    return repr(value)


def _list(values: tuple[Any, ...]) -> str:
    if len(values) > LONGEST:
        raise OtherKindError
    return "[" + ",".join(map(_written, values)) + "]"


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    float: _number,
    int: repr,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    tuple: _list,
    date: lambda value: f'"{value.isoformat()}"',
}
