"""Why something cannot be taken home as it was asked for."""

from kpi_engine.errors import KpiError


class ExportError(KpiError):
    """Base of them."""


class TooLongForAWorkbookError(ExportError):
    """Excel's sheets end before the table does."""

    def __init__(self, most: int) -> None:
        super().__init__(f"expected at most {most:,} rows in a workbook; ask for Parquet or CSV, or for less")
