"""An Excel workbook (XLSX): the rows, a sheet that explains the columns, and one that says where they come from.

Excel knows neither time zones nor more than 1,048,576 rows of a sheet: instants are written in UTC, and a longer table
goes on in a further sheet. Every text is written as text, so none becomes a formula or a link.
"""

from collections.abc import Iterator
from itertools import count
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpi_engine.export.errors import TooLongForAWorkbookError
from kpi_engine.export.table import ColumnKind, Table, TableColumn

ROWS_OF_A_SHEET: Final = 1_048_575  # below the names of the columns
MOST_ROWS: Final = 3 * ROWS_OF_A_SHEET
LONGEST_TEXT: Final = 32_767  # characters of a cell
_CUT: Final = " [cut here; CSV and Parquet have it whole]"
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
_TIMES: Final = {ColumnKind.INSTANT, ColumnKind.CIVIL}


def write(table: Table, target: IO[bytes]) -> None:
    """Write a table as a workbook; it is complete only when all of it is written.

    Raises TooLongForAWorkbookError.
    """
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        sheets = _sheets(table, workbook, bold)
        sheet, row = next(sheets), 0
        for number, values in enumerate(_rows(table)):
            if number >= MOST_ROWS:
                raise TooLongForAWorkbookError(MOST_ROWS)
            if row == ROWS_OF_A_SHEET:
                sheet, row = next(sheets), 0
            row += 1
            for place, value in enumerate(values):
                if value is not None:
                    sheet.write(row, place, _fitting(value))
        meanings = [(one.name, _unit(one), one.description) for one in table.columns]
        _explain(workbook.add_worksheet("columns"), bold, [("column", "unit", "meaning"), *meanings])
        _explain(workbook.add_worksheet("about"), bold, [("", ""), ("title", table.title), *table.about.items()])


def _fitting(value: object) -> object:
    """Return what a cell takes: a longer text is cut, and says so, since it would be left out."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return value[: LONGEST_TEXT - len(_CUT)] + _CUT
    return value


def _unit(column: TableColumn) -> str:
    return "UTC" if column.kind is ColumnKind.INSTANT else column.unit or ""


def _sheets(table: Table, workbook: xlsxwriter.Workbook, bold: Format) -> Iterator[Worksheet]:
    for number in count(1):
        sheet = workbook.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, 20 if column.kind in _TIMES else 14)
            sheet.write(0, place, column.name, bold)
        yield sheet


def _rows(table: Table) -> Iterator[tuple[Any, ...]]:
    for frame in table.frames():
        yield from frame.fill_nan(None).iter_rows()


def _explain(sheet: Worksheet, bold: Format, rows: list[tuple[str, ...]]) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 60)
    for row, cells in enumerate(rows):
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, bold if row == 0 else None)
