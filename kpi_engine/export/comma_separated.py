"""CSV (RFC 4180) in UTF-8, with a byte order mark: without it Excel takes the letters of another alphabet for noise.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises against CSV injection.
"""

from typing import Final, Protocol

import polars as pl

from kpi_engine.export.table import Table

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
FORMULA: Final = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - the wide ones are formulas in Japanese and Chinese


class SupportsWrite(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take some, and return how many."""


def write(table: Table, target: SupportsWrite) -> None:
    """Write a table, beginning with the names of its columns."""
    target.write(BYTE_ORDER_MARK)
    write_plain(table, target)


def write_plain(table: Table, target: SupportsWrite) -> None:
    """Write a table without a mark, for programs that are told the encoding."""
    target.write(pl.DataFrame(schema=table.schema).write_csv().encode())
    for frame in table.frames():
        target.write(_safe(frame).write_csv(include_header=False).encode())


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with times in RFC 3339 and ISO 8601, and no text that begins as a formula does."""
    return frame.with_columns(
        written for name, kind in frame.schema.items() if (written := _written(pl.col(name), kind)) is not None
    )


def _written(column: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    if kind == pl.String:
        return column.str.replace(FORMULA, "'$0")
    if isinstance(kind, pl.Datetime):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.f" + ("Z" if kind.time_zone else ""))
    return None
