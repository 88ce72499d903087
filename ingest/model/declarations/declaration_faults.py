"""What is wrong with what a file declares, key by key, in words of ours: what was expected and what was found."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ingest.errors import expectation
from ingest.model.declarations.declaration import PATTERNS
from ingest.model.declarations.expected import found, nearest

MOST_REPORTED: Final = 20_000  # faults; an alias in a list of aliases has millions

Keys = tuple[int | str, ...]

_NUMBER: Final = "a number"
_WHOLE: Final = "a whole number"
_KEYS: Final = "keys with values"
_EXPECTED: Final = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "a finite number",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "string_too_long": "at most {max_length} characters",
    "tuple_type": "a list",
    "model_type": _KEYS,
    "dict_type": _KEYS,
    "mapping_type": _KEYS,
    "date_type": "a day such as 2026-03-01",
    "date_parsing": "a day such as 2026-03-01",
    "date_from_datetime_parsing": "a day such as 2026-03-01",
    "date_from_datetime_inexact": "a day such as 2026-03-01",
    "datetime_type": "a time with offset such as 2026-03-02T10:15:00+01:00",
    "datetime_parsing": "a time with offset such as 2026-03-02T10:15:00+01:00",
    "datetime_from_date_parsing": "a time with offset such as 2026-03-02T10:15:00+01:00",
    "datetime_object_invalid": "a time with offset such as 2026-03-02T10:15:00+01:00",
    "timezone_aware": "a time with offset such as 2026-03-02T10:15:00+01:00",
}


def faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Keys, str]]:
    """Yield (keys, what was expected) for everything that ``error`` says of a document of ``model``."""
    errors = error.errors(include_url=False)[:MOST_REPORTED]
    above = {one["loc"][:depth] for one in errors for depth in range(len(one["loc"]))}
    for one in errors:
        if one["type"] == "too_short" and one["loc"] in above:
            continue  # a list is not too short because its entries have faults
        yield tuple(one["loc"]), _expectation(one, model)
    if (unreported := error.error_count() - MOST_REPORTED) > 0:
        yield (), f"{unreported:,} more faults are not told; mend these first"


def _expectation(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return "expected, but it is not there"
    if kind == "extra_forbidden":
        return _unknown(error, model)
    if kind in ("value_error", "assertion_error"):
        return expectation(error["msg"])
    if kind == "too_short":
        return "expected at least one entry"
    if kind == "string_too_short":
        return "expected text that is not empty"
    return f"expected {_expected(kind, context)}, not {found(value)}{_meant(kind, context, value)}"


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    if kind in ("enum", "literal_error"):
        return str(context["expected"])
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    return _EXPECTED.get(kind, "another value").format_map(context)


def _meant(kind: str, context: Mapping[str, Any], value: object) -> str:
    if kind in ("enum", "literal_error"):
        return nearest(str(context["expected"]).split("'")[1::2], value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "; text that looks like a number needs quotes" if kind == "string_type" and is_number else ""


def _unknown(error: ErrorDetails, model: type[BaseModel]) -> str:
    *above, key = error["loc"]
    owner: type[BaseModel] | None = model
    for part in above:
        if owner is not None and isinstance(part, str) and part in (fields := _fields(owner)):
            owner = _declared(fields[part])
    if owner is None:
        return "there is no such key"
    keys = list(_fields(owner))
    return f"there is no such key{nearest(keys, key) or '; expected ' + ', '.join(keys)}"


def _fields(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _declared(annotation: object) -> type[BaseModel] | None:
    """Return the declaration that an annotation is made of: a tuple of them, a dict of them, one or none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _declared(part)) is not None), None)
