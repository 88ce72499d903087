"""Reads catalogues in the format of gettext (PO), as translators' tools write them: pure, lines in, messages out.

What is marked as fuzzy is a guess of a tool's and what is obsolete is used no more: neither is a message.
"""

import re
from ast import literal_eval
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

_QUOTED: Final = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?("(?:[^"\\]|\\.)*")$')


class CatalogueError(ValueError):
    """A line of a catalogue is none; names it, with its number."""


@dataclass
class CatalogueMessage:
    """One text: in English (``text``, of several things ``plural``), and its forms in another language.

    ``forms`` is empty where it is not translated; of a text with a plural it has one form for each kind of number.
    """

    text: str = ""
    plural: str | None = None
    context: str | None = None
    forms: list[str] = field(default_factory=list)


def read(lines: Iterable[str]) -> Iterator[CatalogueMessage]:
    """Yield the messages of a catalogue, without its head. Raises CatalogueError."""
    for entry in _entries(lines):
        message = _message(entry)
        if message.text:
            yield message


def _entries(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield what each entry says, by keyword; fuzzy ones not."""
    entry: dict[str, str] = {}
    keyword, fuzzy = "", False
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if line.startswith("#") or not line:
            if entry and not line.startswith("#~"):
                yield from () if fuzzy else (entry,)
                entry, fuzzy, keyword = {}, False, ""
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        found = _QUOTED.match(line)
        if found is None or not (found[1] or keyword):
            raise CatalogueError(f"line {number}: expected a keyword such as msgid and a text in quotes, found {line}")
        keyword = found[1] or keyword
        entry[keyword] = entry.get(keyword, "") + _unquoted(found[2])
    if entry and not fuzzy:
        yield entry


def _message(entry: dict[str, str]) -> CatalogueMessage:
    forms = [entry[name] for name in sorted(name for name in entry if name.startswith("msgstr"))]
    translated = forms if all(forms) else []
    return CatalogueMessage(entry.get("msgid", ""), entry.get("msgid_plural"), entry.get("msgctxt"), translated)


def _unquoted(text: str) -> str:
    return str(literal_eval(text))
