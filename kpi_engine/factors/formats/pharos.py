"""The CSV of this project: one row a version, a column for each thing that a factor says."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from kpi_engine.factors.factor import Factor
from kpi_engine.factors.factor_table import FactorFormat, FactorTable, Row, collected, factor, rows, without_faults

REQUIRED: Final = (
    "name",
    "version",
    "carrier",
    "region",
    "valid_from",
    "value",
    "unit",
    "method",
    "gwp",
    "source",
    "page",
    "verified",
)
OPTIONAL: Final = ("valid_to", "year", "boundary", "boundary_note", "view", "calorific_basis")


def read(text: str, name: str) -> FactorTable:
    """Return every version of the table; an empty cell is not stated. Raises FactorError naming row and column."""
    return FactorTable(collected(name, without_faults(_versions(text, name))))


def _versions(text: str, name: str) -> Iterator[Callable[[], tuple[str, Factor]]]:
    for number, row in rows(text, name, REQUIRED, (*REQUIRED, *OPTIONAL)):
        yield partial(_version, f"{name}: row {number}", f"row {number}", row)


def _version(place: str, row_name: str, row: Row) -> tuple[str, Factor]:
    given: dict[str, Any] = {column: cell for column, cell in row.items() if cell or column in REQUIRED}
    if given.get("calorific_basis") == "none":
        del given["calorific_basis"]
    return row_name, factor(place, {"boundary_note": "not stated in words"} | given)


FORMAT: Final = FactorFormat("pharos", "CSV of Pharos, one row a version (docs/factor-files.md)", read)
