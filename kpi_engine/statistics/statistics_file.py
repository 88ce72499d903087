"""The table of statistics that people hand over: CSV, one row a value (docs/statistics-files.md)."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kpi_engine.errors import StatisticError
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.statistics.given import GivenValue
from kpi_engine.table_rows import TableRow, faults_of, rows, text_of, without_faults

REQUIRED: Final = ("statistic", "city", "valid_from", "value", "unit", "source", "page")
OPTIONAL: Final = ("site", "valid_to", "lower", "upper", "calorific_basis", "revision", "note")
BASES: Final = {
    "net": CalorificBasis.NCV,
    "NCV": CalorificBasis.NCV,
    "gross": CalorificBasis.GCV,
    "GCV": CalorificBasis.GCV,
}

Placed = tuple[str, GivenValue]  # where it stands, file and row, and what


def read(path: Path) -> list[Placed]:
    """Return the values of a file in its order; raises StatisticError with file, row and column of all faults."""
    return parse(text_of(path, StatisticError), path.name)


def parse(text: str, name: str) -> list[Placed]:
    """Return the values in the text of a file called ``name``; raises StatisticError as ``read`` does."""
    return list(without_faults(_values(text, name), StatisticError))


def _values(text: str, name: str) -> Iterator[Callable[[], Placed]]:
    for number, row in rows(text, name, REQUIRED, (*REQUIRED, *OPTIONAL), StatisticError):
        yield partial(_value, f"{name}: row {number}", row)


def _value(place: str, row: TableRow) -> Placed:
    stated: dict[str, Any] = {column: cell for column, cell in row.items() if cell or column in REQUIRED}
    if "calorific_basis" in stated:
        stated["calorific_basis"] = _basis(place, row["calorific_basis"])
    if "revision" in stated:
        stated["revision"] = _revision(place, row["revision"])
    try:
        return place, GivenValue.model_validate(stated)
    except ValidationError as error:
        raise StatisticError(faults_of(error, place, row, {})) from error


def _basis(place: str, cell: str) -> CalorificBasis:
    if cell not in BASES:
        raise StatisticError(f"{place}: column calorific_basis: expected net or gross, not {cell!r}")
    return BASES[cell]


def _revision(place: str, cell: str) -> float:
    """Return a number as it is, and a day as the number its digits make: 2025-03-01 is 20250301."""
    try:
        return float(cell)
    except ValueError:
        pass
    try:
        return float(f"{date.fromisoformat(cell):%Y%m%d}")
    except ValueError:
        raise StatisticError(
            f"{place}: column revision: expected a number or a day such as 2025-03-01, not {cell!r}"
        ) from None
