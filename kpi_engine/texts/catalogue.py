"""Catalogues: what the console says in each language but English, as the browser loads it."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kpi_engine.texts.portable_object import CatalogueMessage, read

FOLDER: Final = Path(str(files("kpi_engine"))) / "texts"
SENTENCE: Final = "sentence"
"""The context of sentences that the server tells: they are read back by their places."""
_IN_CONTEXT: Final = "\x04"  # as gettext parts a context from its text


def languages() -> list[str]:
    """Return the codes of the languages that have a catalogue."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def messages(language: str) -> list[CatalogueMessage]:
    """Return every message of a catalogue."""
    return list(read((FOLDER / f"{language}.po").read_text(encoding="utf-8").splitlines()))


def document(language: str) -> bytes:
    """Return a catalogue as the console reads it: what is not translated is left out, and stays English."""
    return _document(language, (FOLDER / f"{language}.po").stat().st_mtime_ns)


@cache
def _document(language: str, _: int) -> bytes:
    texts: dict[str, Any] = {}
    sentences: dict[str, str] = {}
    for message in messages(language):
        if not message.forms:
            continue
        if message.context == SENTENCE:
            sentences[message.text] = message.forms[0]
            continue
        key = message.text if message.context is None else f"{message.context}{_IN_CONTEXT}{message.text}"
        texts[key] = message.forms if message.plural else message.forms[0]
    return json.dumps({"texts": texts, "sentences": sentences}, ensure_ascii=False, separators=(",", ":")).encode()
