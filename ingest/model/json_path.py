"""Paths into JSON documents, in the notation of JSONPath (RFC 9535), of which this is a part.

``data.energy``, ``readings[0].value``, ``['a name with a . in it']``, and ``readings[?@.name == 'energy'].value`` for
the first member whose name is that. ``items[*]`` is every member of an array. A leading ``$.`` may be left out.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple


class Where(NamedTuple):
    """The first member of an array in which ``key`` is ``text``."""

    key: str
    text: str


class Every(NamedTuple):
    """Every member of an array."""


Step = str | int | Where | Every
Path = tuple[Step, ...]

EVERY: Final = Every()
EXPECTED: Final = "expected a path such as data.energy, readings[0].value or readings[?@.name == 'energy'].value"
_STEP: Final = re.compile(
    r"""\.?(?P<key>[^.\[\]'"*?$@\s][^.\[\]'"*?]*)
    | \['(?P<quoted>[^']+)'\]
    | \[(?P<index>\d{1,5})\]
    | \[\?\s*@\.(?P<where>[^.\[\]'"=\s]+)\s*==\s*'(?P<text>[^']*)'\s*\]
    | (?P<every>\[\*\])""",
    re.VERBOSE | re.ASCII,
)
_ABSENT: Final = object()


@cache
def parse(text: str) -> Path:
    """Return the steps of a path; raises ValueError for what is none."""
    rest = text.removeprefix("$")
    steps: list[Step] = []
    while rest:
        found = _STEP.match(rest)
        if not found or (rest.startswith(".") and text == rest):
            raise ValueError(f"{EXPECTED}, not {text!r}")
        steps.append(_step(found))
        rest = rest[found.end() :]
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    match found.lastgroup:
        case "index":
            return int(found["index"])
        case "text":
            return Where(found["where"], found["text"])
        case "every":
            return EVERY
        case _:
            return found["key"] or found["quoted"]


def one(document: object, path: Path) -> object:
    """Return what stands at a path without ``[*]``; None where nothing does."""
    for step in path:
        if type(step) is str:
            document = document.get(step) if type(document) is dict else None
        elif isinstance(step, Every) or (document := _member(document, step)) is _ABSENT:
            return None
    return document


def every(document: object, path: Sequence[Step]) -> Iterator[object]:
    """Yield what stands at a path, in the order of the document."""
    for place, step in enumerate(path, 1):
        if isinstance(step, Every):
            rest = path[place:]
            for member in document if isinstance(document, list) else ():
                if rest:
                    yield from every(member, rest)
                else:
                    yield member
            return
        document = _member(document, step)
        if document is _ABSENT:
            return
    yield document


def _member(document: object, step: str | int | Where) -> object:
    if isinstance(step, str):
        return document.get(step, _ABSENT) if isinstance(document, dict) else _ABSENT
    if not isinstance(document, list):
        return _ABSENT
    if isinstance(step, int):
        return document[step] if step < len(document) else _ABSENT
    for one in document:
        if isinstance(one, dict) and one.get(step.key) == step.text:
            return one
    return _ABSENT
