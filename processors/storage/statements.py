"""The statements of a module: those of the .sql file beside it, each with its name and a sentence.

``-- name: ledger_post`` begins a statement, which goes on to the next name. ``-- part: wanted`` begins what several
statements say alike: in them ``-- include: package.module.wanted`` on a line stands for its text, without its sentence.
"""

import re
from functools import cache
from importlib.resources import files
from textwrap import indent
from typing import Final

_NAME: Final = re.compile(r"^-- (name|part): (\w+)\n", re.MULTILINE)
_INCLUDE: Final = re.compile(r"^( *)-- include: ([\w.]+)\.(\w+)\n", re.MULTILINE)
_SENTENCE: Final = re.compile(r"\A(--.*\n)+")


@cache
def statements(module: str) -> dict[str, str]:
    """Return the statements of the file beside ``module``, by name. ValueError where two have one name."""
    return {name: _INCLUDE.sub(_included, text) for (kind, name), text in _named(module).items() if kind == "name"}


@cache
def parts(module: str) -> dict[str, str]:
    """Return what statements of any module may include of the file beside ``module``, by name, with its sentence."""
    return {name: text for (kind, name), text in _named(module).items() if kind == "part"}


@cache
def _named(module: str) -> dict[tuple[str, str], str]:
    package, _, name = module.rpartition(".")
    text = files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    before, *found = _NAME.split(text)
    kinds, names, texts = found[::3], found[1::3], found[2::3]
    named = dict(zip(zip(kinds, names, strict=True), (text.strip() + "\n" for text in texts), strict=True))
    if before.strip() or len(named) < len(texts):
        raise ValueError(f"{package}/{name}.sql: expected statements with names of their own, and nothing before them")
    return named


def _included(include: re.Match[str]) -> str:
    """Return the text of a part, as far to the right as it is included."""
    margin, module, name = include.groups()
    if name not in parts(module):
        raise ValueError(f"-- include: {module}.{name}: expected a part of {module}: {', '.join(parts(module))}")
    return indent(_SENTENCE.sub("", parts(module)[name]), margin)
