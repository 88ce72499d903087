"""A table in each format, read again by other programs than those that wrote it."""

import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.export import workbook
from kpi_engine.export.comma_separated import BYTE_ORDER_MARK
from kpi_engine.export.errors import TooLongForAWorkbookError
from kpi_engine.export.formats import FORMATS, ExportFormat, acceptable
from kpi_engine.export.stream import stream
from kpi_engine.export.table import ColumnKind, Table, TableColumn

Row = tuple[object, ...]
NOON = datetime(2026, 10, 25, 12, tzinfo=UTC)
ON_THE_CLOCK = NOON.replace(hour=13, tzinfo=None)
COLUMNS = (
    TableColumn("name", ColumnKind.TEXT, "Whose."),
    TableColumn("value", ColumnKind.NUMBER, "How much.", "kWh"),
    TableColumn("count", ColumnKind.INTEGER, "How many."),
    TableColumn("is_open", ColumnKind.BOOLEAN, "Whether it goes on."),
    TableColumn("time", ColumnKind.INSTANT, "When."),
    TableColumn("local_time", ColumnKind.CIVIL, "When, on the clock."),
)
ROWS: list[Row] = [
    ("Sønderborg", 0.1 + 0.2, 3, True, NOON, ON_THE_CLOCK),
    ("=1+1", None, None, None, NOON.replace(microsecond=250_000), ON_THE_CLOCK),
]


WIDE = (
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # of Chinese and Japanese keyboards, which spreadsheets take for formulas


def table(*portions: list[Row]) -> Table:
    def frames() -> Iterator[pl.DataFrame]:
        for rows in portions:
            yield pl.DataFrame(rows, schema={one.name: one.kind.value for one in COLUMNS}, orient="row")

    about = {"made_at": "2026-11-01T00:00:00Z", "city": "sonderborg"}
    return Table("figures", "Figures by month", COLUMNS, about, frames)


def written(kind: ExportFormat, *portions: list[Row]) -> bytes:
    target = io.BytesIO()
    FORMATS[kind].write(table(*portions), target)
    return target.getvalue()


def sheet(content: bytes, number: int) -> list[list[str | None]]:
    """Return the cells of a sheet of a workbook as XML has them, texts as texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 - our own
        space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        assert not list(document.iter(f"{space}f")), "a formula"
        return [
            ["".join(cell.itertext()) or None for cell in row.iter(f"{space}c")] for row in document.iter(f"{space}row")
        ]


def test_csv_says_its_encoding_and_reads_back_to_the_last_bit() -> None:
    content = written(ExportFormat.CSV, ROWS[:1], ROWS[1:])
    assert content.startswith(BYTE_ORDER_MARK)
    names, first, second = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert names == [one.name for one in COLUMNS]
    assert first == ["Sønderborg", repr(0.1 + 0.2), "3", "true", "2026-10-25T12:00:00Z", "2026-10-25T13:00:00"]
    assert second == ["'=1+1", "", "", "", "2026-10-25T12:00:00.250Z", "2026-10-25T13:00:00"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8))
def test_no_text_of_a_csv_begins_as_a_formula_does(text: str) -> None:
    content = written(ExportFormat.CSV, [(text, *ROWS[0][1:])]).decode("utf-8-sig")
    _, (name, *_) = csv.reader(io.StringIO(content, newline=""))
    assert not name.startswith(("=", "+", "-", "@", "\t", "\r", "\n", *WIDE))
    assert name.removeprefix("'") == text.removeprefix("'")


def test_parquet_holds_the_types_and_what_each_column_means() -> None:
    content = written(ExportFormat.PARQUET, ROWS[:1], ROWS[1:])
    found = pl.read_parquet(io.BytesIO(content))
    assert found.rows() == ROWS
    assert found.schema == table().schema
    said = json.loads(pl.read_parquet_metadata(io.BytesIO(content))["pharos"])
    assert said["about"]["city"] == "sonderborg"
    assert said["columns"]["value"] == {"description": "How much.", "unit": "kWh"}


def test_a_workbook_has_rows_meanings_and_where_they_come_from_and_no_formula() -> None:
    content = written(ExportFormat.XLSX, ROWS)
    names, first, second = sheet(content, 1)
    assert names == [one.name for one in COLUMNS]
    assert first[:3] == ["Sønderborg", "0.3", "3"]  # as Excel shows fifteen digits
    assert second[0] == "=1+1"
    assert sheet(content, 2)[2] == ["value", "kWh", "How much."]
    assert ["city", "sonderborg"] in sheet(content, 3)


@pytest.mark.parametrize("first", [*WIDE, "\n=", "\t="])
def test_a_text_that_some_spreadsheet_takes_for_a_formula_gets_an_apostrophe(first: str) -> None:
    content = written(ExportFormat.CSV, [(f"{first}cmd|' /C calc'!A0", *ROWS[0][1:])]).decode("utf-8-sig")
    _, (name, *_) = csv.reader(io.StringIO(content, newline=""))
    assert name == f"'{first}cmd|' /C calc'!A0"


def test_a_text_that_no_cell_of_a_workbook_takes_is_cut_and_says_so() -> None:
    _, longest, long = sheet(written(ExportFormat.XLSX, [(size * "x", *ROWS[0][1:]) for size in (32_767, 32_768)]), 1)
    assert longest[0] == 32_767 * "x"
    assert long[0] is not None
    assert len(long[0]) == 32_767
    assert long[0].endswith("x [cut here; CSV and Parquet have it whole]")


def test_a_table_longer_than_a_sheet_goes_on_in_another_and_longer_than_a_workbook_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "ROWS_OF_A_SHEET", 2)
    assert [len(sheet(written(ExportFormat.XLSX, ROWS, ROWS[:1]), number)) for number in (1, 2)] == [3, 2]

    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(TooLongForAWorkbookError, match="at most 2 rows in a workbook; ask for Parquet or CSV"):
        written(ExportFormat.XLSX, ROWS, ROWS[:1])


def test_a_data_package_describes_its_table_and_holds_its_digest() -> None:
    with zipfile.ZipFile(io.BytesIO(written(ExportFormat.PACKAGE, ROWS))) as archive:
        said, rows = json.loads(archive.read("datapackage.json")), archive.read("figures.csv")
    (resource,) = said["resources"]
    assert resource["hash"] == f"sha256:{sha256(rows).hexdigest()}"
    assert resource["bytes"] == len(rows)
    assert [field["name"] for field in resource["schema"]["fields"]] == rows.decode().splitlines()[0].split(",")
    assert resource["schema"]["fields"][1] == {
        "name": "value", "type": "number", "description": "How much.", "unit": "kWh",
    }  # fmt: skip


def test_a_table_without_rows_has_its_columns_in_every_format() -> None:
    assert written(ExportFormat.CSV).decode("utf-8-sig") == ",".join(one.name for one in COLUMNS) + "\n"
    assert pl.read_parquet(io.BytesIO(written(ExportFormat.PARQUET))).schema == table().schema
    assert len(sheet(written(ExportFormat.XLSX), 1)) == 1


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", ExportFormat.CSV),
        ("*/*", ExportFormat.CSV),
        ("application/vnd.apache.parquet", ExportFormat.PARQUET),
        ("text/html, application/zip;q=0.9, text/csv", ExportFormat.PACKAGE),
    ],
)
def test_an_accept_header_chooses_the_first_format_it_names(accept: str, chosen: ExportFormat) -> None:
    assert acceptable(accept) is chosen


def test_what_is_written_is_passed_on_and_what_goes_wrong_is_raised_at_the_end() -> None:
    def write(target: IO[bytes]) -> None:
        target.write(b"half")
        raise ValueError("the database went away")

    passed = stream(write)
    assert next(passed) == b"half"
    with pytest.raises(ValueError, match="went away"):
        next(passed)


def test_a_reader_that_leaves_ends_the_writer() -> None:
    ended: list[type[BaseException]] = []

    def write(target: IO[bytes]) -> None:
        try:
            while True:
                target.write(bytes(1 << 16))
        except BaseException as error:
            ended.append(type(error))
            raise

    passed = stream(write)
    next(passed)
    (writer,) = [one for one in threading.enumerate() if one.name == "export"]
    passed.close()
    writer.join(20)
    assert ended == [BrokenPipeError]
