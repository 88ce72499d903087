"""What a table of factors holds once it is read: factors, and how many rows were left out for which reason."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.model.declarations.expected import found, nearest
from ingest.wording import first_of, in_words
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import Factor

FAULTS_TOLD: Final = 20  # of one file

Row = Mapping[str, str]


@dataclass(frozen=True)
class FactorTable:
    """The factors of a table in its order, and by reason how many of its rows say nothing that could be one."""

    factors: tuple[Factor, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FactorFormat:
    """How tables of one kind are read: ``read`` takes text and the file's name; raises FactorError naming the place."""

    name: str
    title: str
    read: Callable[[str, str], FactorTable]


def rows(
    text: str, name: str, required: Sequence[str], known: Sequence[str] | None = None
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV with their numbers, the heading being row 1; empty rows are left out.

    ``known``: every column there may be; None: any. Raises FactorError naming file, row and column.
    """
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        heading = [column.strip() for column in next(reader, [])]
        _headed(heading, name, required, known)
        for number, cells in enumerate(reader, start=2):
            if not any(cells):
                continue
            if len(cells) != len(heading):
                raise FactorError(
                    f"{name}: row {number}: expected {len(heading)} cells, one a column, not {len(cells)}"
                )
            yield number, dict(zip(heading, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise FactorError(f"{name}: row {reader.line_num}: expected CSV: {in_words(error)}") from error


def factor(place: str, document: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Factor:
    """Return the factor of ``document``; raises FactorError naming place, column and what was expected.

    ``columns``: by field, how the table calls it, where it calls it otherwise.
    """
    try:
        return Factor.model_validate(document)
    except ValidationError as error:
        told = (_fault(place, fault, document, columns or {}) for fault in error.errors())
        raise FactorError("\n".join(told)) from error


def collected(name: str, placed: Iterable[tuple[str, Factor]]) -> tuple[Factor, ...]:
    """Return factors once each, in order; raises FactorError where one version stands there with other contents."""
    kept: dict[tuple[object, ...], Factor] = {}
    for place, one in placed:
        if kept.setdefault(one.key, one) != one:
            raise FactorError(
                f"{name}: {place}: factor {one.name} version {one.version} from {one.valid_from} stands there twice, "
                "with other contents; expected another version or another name"
            )
    return tuple(kept.values())


def without_faults(read: Iterable[Callable[[], tuple[str, Factor]]]) -> Iterator[tuple[str, Factor]]:
    """Yield what can be read; raises FactorError with the faults of all that cannot, the first ones of many."""
    faults: list[str] = []
    for one in read:
        try:
            found_one = one()
        except FactorError as error:
            faults += str(error).splitlines()
        else:
            yield found_one
    if faults:
        raise FactorError(first_of(faults, FAULTS_TOLD, "\n"))


def slug(text: str) -> str:
    """Return ``text`` as part of a name: lower-case letters and digits, with - between words."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _headed(heading: Sequence[str], name: str, required: Sequence[str], known: Sequence[str] | None) -> None:
    missing = [column for column in required if column not in heading]
    if missing:
        raise FactorError(
            f"{name}: row 1: expected the columns {', '.join(missing)} as well, in a comma-separated file"
        )
    twice = {column for column in heading if heading.count(column) > 1}
    for column in heading:
        if column in twice:
            raise FactorError(f"{name}: row 1: column {found(column)} stands there twice")
        if known is not None and column not in known:
            expected = f"expected one of {', '.join(known)}{nearest(known, column)}"
            raise FactorError(f"{name}: row 1: column {found(column)} is unknown; {expected}")


def _fault(place: str, fault: ErrorDetails, document: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else ""
    message = fault["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    given = f", not {found(document[key])}" if key in document else ""
    where = f" column {columns.get(key, key)}:" if key else ""
    return f"{place}:{where} {message}{given}"
