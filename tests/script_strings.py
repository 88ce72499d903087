"""Strings of our JavaScript with what stands before them: as much of its grammar as the console's style needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SKIPPED: Final = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_REGULAR_EXPRESSION: Final = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_WORD: Final = re.compile(r"[\w$#]+")
_ENDS_OPERAND: Final = re.compile(r"[\w$#)\]\"'`]$")


@dataclass(frozen=True)
class ScriptString:
    """The words of a string, of a template those between its places; ``call``: whose argument it is itself.

    ``attribute``: the key before it in an object, as in ``{ class: "quiet" }``.
    """

    words: str
    call: str
    attribute: str
    is_template: bool = False


def strings(source: str) -> Iterator[ScriptString]:
    """Yield every string and template of a script; those inside of a template after it."""
    calls: list[str] = []
    before = ["", ""]
    at = 0
    while at < len(source):
        if skipped := _SKIPPED.match(source, at):
            at = skipped.end()
            continue
        call, attribute = (calls or [""])[-1], before[-2].strip("\"'") if before[-1] == ":" else ""
        if source[at] == "`":
            words, places, end = _template(source, at)
            yield ScriptString(words, call, attribute, is_template=True)
            for place in places:
                yield from strings(place)
        elif found := _STRING.match(source, at):
            yield ScriptString(found[0][1:-1], call, attribute)
            end = found.end()
        elif (
            source[at] == "/"
            and not _ENDS_OPERAND.search(before[-1])
            and (found := _REGULAR_EXPRESSION.match(source, at))
        ):
            end = found.end()
        else:
            found = _WORD.match(source, at)
            end = found.end() if found else at + 1
            if source[at] in "([{":
                calls.append(before[-1] if source[at] == "(" else "")
            elif source[at] in ")]}" and calls:
                calls.pop()
        before = [before[-1], source[at:end]]
        at = end


def _template(source: str, begin: int) -> tuple[str, list[str], int]:
    """Return the words of a template with a mark for each place, what stands in its places, and where it ends."""
    words, places, at = "", [], begin + 1
    while source[at] != "`":
        if source[at] == "\\":
            words, at = words + source[at : at + 2], at + 2
        elif source.startswith("${", at):
            end = _end_of_place(source, at + 2)
            places.append(source[at + 2 : end])
            words, at = f"{words}\0", end + 1
        else:
            words, at = words + source[at], at + 1
    return words, places, at + 1


def _end_of_place(source: str, at: int) -> int:
    depth = 0
    while depth or source[at] != "}":
        if source[at] == "`":
            *_, at = _template(source, at)
            continue
        if found := _STRING.match(source, at):
            at = found.end()
            continue
        depth += (source[at] == "{") - (source[at] == "}")
        at += 1
    return at
