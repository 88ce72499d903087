"""Why a history file cannot be read: the first row that is at fault, in words of ours.

Looks through the file again, row by row, once its reader has given up without saying where.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from ingest.history.format import LONGEST_RECORD, Format, format_of
from ingest.history.layout import FileLayout

_LONGEST: Final = 200  # characters of what the reader says
KEPT: Final = "Rows before it may be stored; when the whole file is loaded again they are known already"


def explained(path: Path, layout: FileLayout, error: BaseException) -> str:
    """Return what is wrong with a file that its reader refused with ``error``."""
    looks = {Format.CSV: lambda: _csv(path, layout), Format.JSON_LINES: lambda: _json_lines(path)}
    look = looks.get(format_of(path))
    try:
        fault = next(look(), None) if look else None
    except UnicodeDecodeError:
        fault = _not_text(path)
    first = " ".join(str(error).split("\n\n")[0].split())[:_LONGEST]
    return f"{fault or f'cannot be read: {first}'}. {KEPT}"


def _csv(path: Path, layout: FileLayout) -> Iterator[str]:
    csv.field_size_limit(LONGEST_RECORD)
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.reader(file, delimiter=layout.separator, strict=True)
        number, header = 0, list(layout.header)
        try:
            for number, cells in enumerate(table, start=1):
                header = header or cells
                if len(cells) > len(header):
                    yield f"row {number} has {len(cells)} cells; expected {len(header)}, as there are names in row 1"
        except csv.Error:
            yield f"row {number + 1}: a quotation mark is not closed, or stands in the middle of a cell"
        if not header:
            yield "row 1: expected the names of columns, but the file is empty"


def _json_lines(path: Path) -> Iterator[str]:
    kinds: dict[str, str] = {}
    mixed: list[str] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                found = msgspec.json.decode(line)
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
                yield f"row {number}: expected one JSON object in UTF-8: {error}"
                return
            if not isinstance(found, dict):
                yield f"row {number}: expected a JSON object, with a key for each column"
                return
            mixed = mixed or list(_mixed(number, found, kinds))
    yield from mixed
    if not kinds:
        yield "row 1: expected a JSON object, with a key for each column; there is none in the file"


def _mixed(number: int, found: dict[str, object], kinds: dict[str, str]) -> Iterator[str]:
    """Yield where a key has another kind of value than in the rows before: a column is of one kind."""
    for key, value in found.items():
        if value is None:
            continue
        kind = "number" if type(value) in (int, float) else type(value).__name__
        if kinds.setdefault(key, kind) != kind or kind in ("dict", "list"):
            yield f"row {number}: {ascii(key)[:60]}: expected a value of one kind in every row, and no list"


def _not_text(path: Path) -> str:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return f"line {number}: expected UTF-8, but its byte {error.start + 1} is 0x{line[error.start]:02x}"
    return "expected UTF-8"
