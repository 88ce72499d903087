"""The rows of a table that somebody hands over as CSV, and how its faults are told: file, row, column, expectation.

Each function takes the class of error that its caller raises.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.model.declarations.expected import found, nearest
from ingest.wording import first_of, in_words
from kpi_engine.errors import KpiError

MOST_FAULTS: Final = 20  # of one file

TableRow = Mapping[str, str]
ErrorClass = type[KpiError]
Entry = TypeVar("Entry")


def text_of(path: Path, error_class: ErrorClass) -> str:
    """Return the text of a file in UTF-8; raises ``error_class`` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise error_class(f"{path}: expected text in UTF-8: {in_words(error)}") from error
    except OSError as error:
        raise error_class(f"{path}: cannot be read: {error.strerror}") from error


def rows(
    text: str, name: str, required: Sequence[str], known: Sequence[str] | None, error_class: ErrorClass
) -> Iterator[tuple[int, TableRow]]:
    """Yield the rows of a CSV with their numbers, the heading being row 1; empty rows are left out.

    ``known``: every column there may be; None: any. Raises ``error_class`` naming file, row and column.
    """
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        heading = [column.strip() for column in next(reader, [])]
        if fault := _fault_of_heading(heading, required, known):
            raise error_class(f"{name}: row 1: {fault}")
        for number, cells in enumerate(reader, start=2):
            if not any(cells):
                continue
            if len(cells) != len(heading):
                raise error_class(
                    f"{name}: row {number}: expected {len(heading)} cells, one a column, not {len(cells)}"
                )
            yield number, dict(zip(heading, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise error_class(f"{name}: row {reader.line_num}: expected CSV: {in_words(error)}") from error


def without_faults(read: Iterable[Callable[[], Entry]], error_class: ErrorClass) -> Iterator[Entry]:
    """Yield what can be read; raises ``error_class`` with the faults of all that cannot, the first ones of many."""
    faults: list[str] = []
    for one in read:
        try:
            entry = one()
        except error_class as error:
            faults += str(error).splitlines()
        else:
            yield entry
    if faults:
        raise error_class(first_of(faults, MOST_FAULTS, "\n"))


def faults_of(error: ValidationError, place: str, document: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    """Return the faults of a row, one a line. ``columns``: by field, how the table calls it where it differs."""
    return "\n".join(_fault(place, fault, document, columns) for fault in error.errors())


def _fault_of_heading(heading: Sequence[str], required: Sequence[str], known: Sequence[str] | None) -> str | None:
    missing = [column for column in required if column not in heading]
    if missing:
        return f"expected the columns {', '.join(missing)} as well, in a comma-separated file"
    for column in heading:
        if heading.count(column) > 1:
            return f"column {found(column)} stands there twice"
        if known is not None and column not in known:
            return f"column {found(column)} is unknown; expected one of {', '.join(known)}{nearest(known, column)}"
    return None


def _fault(place: str, fault: ErrorDetails, document: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else ""
    message = fault["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    given = f", not {found(document[key])}" if key in document else ""
    where = f" column {columns.get(key, key)}:" if key else ""
    return f"{place}:{where} {message}{given}"
