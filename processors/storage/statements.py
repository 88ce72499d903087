"""The statements of a module: those of the .sql file beside it, each with its name and a sentence.

``-- name: ledger_post`` begins a statement, which goes on to the next one.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

_NAME: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements(module: str) -> dict[str, str]:
    """Return the statements of the file beside ``module``, by name. ValueError where two have one name."""
    package, _, name = module.rpartition(".")
    text = files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    before, *parts = _NAME.split(text)
    found = dict(zip(parts[::2], (part.strip() + "\n" for part in parts[1::2]), strict=True))
    if before.strip() or len(found) < len(parts) // 2:
        raise ValueError(f"{package}/{name}.sql: expected statements with names of their own, and nothing before them")
    return found
