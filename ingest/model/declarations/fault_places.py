"""Faults of a file as they are told: by line, with the name of whose they are, and once where an alias repeats them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from ingest.errors import FileFault
from ingest.model.declarations.declaration_faults import Keys
from ingest.model.declarations.yaml_document import Document, Place

WHOLE: Final = "(file)"

_SINGULAR: Final = {
    "devices": "device",
    "bindings": "binding",
    "sites": "site",
    "groups": "group",
    "facts": "fact",
    "series": "series",
    "values": "value of",
}
_CALLED: Final = ("name", "column", "quantity")  # what an entry of a list is called by, whichever it has
_LONGEST_KEY: Final = 60


def file_faults(file: str, document: Document, faults: Iterable[tuple[Keys, str]]) -> list[FileFault]:
    """Return the faults of a file in the order of its lines; those of one place with one sentence are one."""
    places: dict[tuple[Place, str], list[Keys]] = {}
    for keys, expected in faults:
        places.setdefault((document.place(keys), expected), []).append(keys)
    ordered = sorted(places.items(), key=lambda item: item[0][0].line)
    return [
        FileFault(file, written(keys), expected, place.line, _subject(document.value, keys), _also(place, keys, others))
        for (place, expected), (keys, *others) in ordered
    ]


def written(keys: Sequence[int | str]) -> str:
    """Return keys as ``devices[3].series[0].unit``."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{_fit(key)}" for key in keys)
    return "".join(parts).lstrip(".") or WHOLE


def _fit(key: str) -> str:
    shown = key if key.isprintable() else repr(key)
    return shown if len(shown) <= _LONGEST_KEY else f"{shown[:_LONGEST_KEY]}..."


def _subject(value: object, keys: Keys) -> str:
    return ", ".join(_names(value, keys))


def _names(value: object, keys: Keys) -> Iterator[str]:
    """Yield what the entries of lists on the way along ``keys`` are called."""
    for key, position in pairwise((*keys, None)):
        value = value.get(key) if isinstance(value, dict) and isinstance(key, str) else value
        if not (isinstance(value, list) and isinstance(position, int) and position < len(value)):
            continue
        value = value[position]
        if isinstance(value, dict) and key in _SINGULAR:
            name = next((value[called] for called in _CALLED if isinstance(value.get(called), str)), None)
            if name is not None:
                yield f"{_SINGULAR[key]} {_fit(name)}"
            native_id = value.get("native_id")
            if isinstance(native_id, str | int) and native_id != name:
                yield f"native id {_fit(str(native_id))}"


def _also(place: Place, first: Keys, others: Sequence[Keys]) -> str:
    if not others:
        return ""
    kind = first[0]
    entries = {keys[1] for keys in (first, *others) if len(keys) > 1 and keys[0] == kind}
    is_entries = kind in ("devices", "sites") and len(entries) == len(others) + 1
    singular, plural = (str(kind)[:-1], str(kind)) if is_entries else ("place", "places")
    shares = f"more {singular} that shares" if len(others) == 1 else f"more {plural} that share"
    return f"and {len(others)} {shares} line {place.line}"
