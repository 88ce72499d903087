"""Lists of dated entries in a city file: how they may be written short, and what is wrong with their days.

What never changed is written as the value alone, and so it is kept: ``submeter_of: main`` for an entry without days.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails

from ingest.model.city.validity import Validity

Faults = Iterator[tuple[str, str]]

_DAYS: Final = frozenset({"valid_from", "valid_to"})


class ShortForm:
    """Takes the value of ``key`` (None: all that an entry says), or one entry, for a list of one entry."""

    def __init__(self, key: str | None) -> None:
        self._key = key

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read either form."""
        return WrapValidator(self._read).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say either form, of what is read."""
        found = handler(schema)
        if handler.mode != "validation" or "items" not in found:
            return found
        forms = [found["items"], found]
        if self._key:
            forms.insert(0, handler.resolve_ref_schema(found["items"])["properties"][self._key])
        return {"anyOf": forms}

    def _read(self, value: object, parse: ValidatorFunctionWrapHandler) -> object:
        if value is None:
            return parse(())
        if isinstance(value, list | tuple):
            return parse(value)
        is_entry = self._key is None or (isinstance(value, Mapping) and self._key in value)
        try:
            return parse([value if is_entry else {self._key: value}])
        except ValidationError as error:
            # Where the fault is, as it was written: not within a list that nobody wrote.
            faults = _as_written(error, added=1 if is_entry else 2)
            raise ValidationError.from_exception_data(error.title, faults) from None


def short_form(key: str | None) -> ShortForm:
    """Return what takes the value of ``key`` (None: all that an entry says), or one entry, for a list of one entry."""
    return ShortForm(key)


def written_short(key: str | None, absent: object = None) -> PlainSerializer:
    """Write what never changed as ``short_form`` takes it; ``absent`` where there is no entry."""

    def write(entries: Sequence[Validity]) -> object:
        if not entries:
            return absent
        documents = [entry.model_dump(mode="json") for entry in entries]
        if len(entries) > 1 or entries[0].is_dated:
            return documents
        written = {name: value for name, value in documents[0].items() if name not in _DAYS}
        return written[key] if key and len(written) == 1 else written

    return PlainSerializer(write)


def order_faults(key: str, entries: Sequence[Validity]) -> Faults:
    """Yield where entries, of which one holds at a time, overlap or are out of order."""
    for index, (before, entry) in enumerate(pairwise(entries), start=1):
        if before.valid_to is None:
            yield f"{key}[{index - 1}].valid_to", "expected a day, since another entry follows"
        elif entry.valid_from is None or entry.valid_from < before.valid_to:
            expected = f"expected {before.valid_to} or a later day, when the entry before has ended"
            yield f"{key}[{index}].valid_from", expected


def gap_faults(key: str, entries: Sequence[Validity], what: str) -> Faults:
    """Yield where entries that are in order leave a day without ``what``."""
    if entries and entries[0].valid_from is not None:
        yield f"{key}[0].valid_from", f"expected none: there would be no {what} before {entries[0].valid_from}"
    if entries and entries[-1].valid_to is not None:
        yield f"{key}[{len(entries) - 1}].valid_to", f"expected none: there would be no {what} from then on"
    for index, (before, entry) in enumerate(pairwise(entries), start=1):
        if before.valid_to and entry.valid_from and before.valid_to < entry.valid_from:
            expected = f"expected {before.valid_to}, when the entry before ends: there would be days without {what}"
            yield f"{key}[{index}].valid_from", expected


def entry_key(key: str, entries: Sequence[Validity], position: int) -> str:
    """Return the key of an entry, which is that of the list where it is written short."""
    return key if len(entries) == 1 and not entries[0].is_dated else f"{key}[{position}]"


def _as_written(error: ValidationError, *, added: int) -> list[InitErrorDetails]:
    return [
        InitErrorDetails(
            type=fault["type"],
            loc=fault["loc"][added:],
            input=fault["input"],
            ctx=fault.get("ctx", {}),
        )
        for fault in error.errors()
    ]
