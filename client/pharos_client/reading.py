"""From JSON to the models, by their type hints."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from types import NoneType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

Model = TypeVar("Model")

_KNOWN: Final[dict[type, dict[str, Any]]] = {}


def read(model: type[Model], document: Mapping[str, Any]) -> Model:
    """Return a document as ``model``; fields that it does not know are left out."""
    hints = hints_of(model)
    return model(**{name: _value(hints[name], document[name]) for name in hints if name in document})


def hints_of(model: type) -> dict[str, Any]:
    """Return the types of a model's fields, of those that may be None the other one."""
    if model not in _KNOWN:
        hints = get_type_hints(model)
        _KNOWN[model] = {one.name: _given(hints[one.name]) for one in fields(model)}
    return _KNOWN[model]


def _given(hint: Any) -> Any:  # noqa: ANN401 - a type hint has no common type
    others = [one for one in get_args(hint) if one is not NoneType]
    return others[0] if NoneType in get_args(hint) and len(others) == 1 else hint


def _value(hint: Any, given: Any) -> Any:  # noqa: ANN401 - what JSON has
    if given is None:
        return None
    if hint is datetime:
        return datetime.fromisoformat(given)
    if is_dataclass(hint) and isinstance(hint, type):
        return read(hint, given)
    if get_origin(hint) is list and is_dataclass(inner := get_args(hint)[0]) and isinstance(inner, type):
        return [read(inner, one) for one in given]
    return given
