"""The columns that say which series a row is of."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from kpi_engine.api.series import StoredSeries
from kpi_engine.export.table import ColumnKind, TableColumn

SERIES: Final = (
    TableColumn("city", ColumnKind.TEXT, "The city."),
    TableColumn("site", ColumnKind.TEXT, "The site of the device."),
    TableColumn("vertical", ColumnKind.TEXT, "What the site is about."),
    TableColumn("device", ColumnKind.TEXT, "The device."),
    TableColumn("quantity", ColumnKind.TEXT, "What it measures."),
    TableColumn("kind", ColumnKind.TEXT, "gauge, register (a counter), interval (an amount) or state."),
    TableColumn("unit", ColumnKind.TEXT, "Unit of the row."),
    TableColumn("series_id", ColumnKind.INTEGER, "Number of the series, as in the HTTP interface."),
    TableColumn("zone", ColumnKind.TEXT, "IANA time zone of the city."),
)


def series_frame(series: Sequence[StoredSeries]) -> pl.DataFrame:
    """Return a row for each series."""
    rows = {name: [getattr(one, name) for one in series] for name in (column.name for column in SERIES)}
    return pl.DataFrame(rows, schema={column.name: column.kind.value for column in SERIES})
