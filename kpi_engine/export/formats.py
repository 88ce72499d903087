"""The formats that a table can be written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from kpi_engine.export import comma_separated, data_package, parquet, workbook
from kpi_engine.export.table import Table


class ExportFormat(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    PACKAGE = "package"


@dataclass(frozen=True)
class TableFormat:
    """How it is written, and what such a file is called and known as."""

    write: Callable[[Table, IO[bytes]], None]
    suffix: str
    media_type: str


FORMATS: Final[Mapping[ExportFormat, TableFormat]] = {
    ExportFormat.CSV: TableFormat(comma_separated.write, "csv", "text/csv; charset=utf-8"),
    ExportFormat.PARQUET: TableFormat(parquet.write, "parquet", "application/vnd.apache.parquet"),
    ExportFormat.XLSX: TableFormat(
        workbook.write, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    ExportFormat.PACKAGE: TableFormat(data_package.write, "zip", "application/zip"),
}


def acceptable(accept: str) -> ExportFormat:
    """Return the first format that an Accept header names; CSV where it names none of them."""
    named = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    by_type = {kind.media_type.partition(";")[0]: name for name, kind in FORMATS.items()}
    return next((by_type[one] for one in named if one in by_type), ExportFormat.CSV)
