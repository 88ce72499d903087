"""Rows of an answer as JSON straight from their columns, byte for byte as the answer's model writes them.

A year of quarter hours is 35,000 rows: a model of each costs a second, and says nothing that the columns do not.
"""

from io import BytesIO
from typing import Final

import numpy as np
import polars as pl
from fastapi import Response
from pydantic import BaseModel

from ingest.model.time import DAY, SECOND

INSTANT: Final = pl.Datetime("us", "UTC")
LEAST: Final = 1_000
"""Rows that are worth a look at which columns hold one value."""
MOST_DIFFERENT: Final = 12
"""Columns that differ up to which lines are laid out of columns; with more of them, rows are written in less time."""
_NO_ROWS: Final = '"items":[]'


def answer(around: BaseModel, rows: pl.DataFrame) -> Response:
    """Return the answer that ``around`` is, which has no items yet, with ``rows`` as its items."""
    before, _, after = around.model_dump_json().partition(_NO_ROWS)
    body = b"".join((before.encode(), b'"items":', _array(rows), after.encode()))
    return Response(body, media_type="application/json")


def _array(rows: pl.DataFrame) -> bytes:
    """Return rows as a JSON array of objects; infinite and NaN become null."""
    instants = [_written(rows[name]) for name, kind in rows.schema.items() if kind == INSTANT]
    texts = rows.with_columns(instants)
    if pieces := _pieces(rows, texts):
        return _laid_out(pieces)
    lines = BytesIO()
    texts.write_ndjson(lines)
    return b"[" + lines.getvalue().removesuffix(b"\n").replace(b"\n", b",") + b"]"


def _pieces(rows: pl.DataFrame, texts: pl.DataFrame) -> list[str | pl.Series] | None:
    """Return what each line is made of: text that all have, and columns of text; None where that does not pay.

    Most columns of buckets hold one value, and it is written once with its name. Texts that differ want escapes.
    """
    if len(rows) < LEAST:
        return None
    pieces: list[str | pl.Series] = []
    same = "{"
    for place, (name, kind) in enumerate(rows.schema.items()):
        column = texts[name]
        named = _one_row(column.head(1))
        if _is_same(column):
            same += ("," if place else "") + named
            continue
        if kind != INSTANT and not (kind.is_numeric() or kind == pl.Boolean):
            return None
        quote = '"' if kind == INSTANT and not column.null_count() else ""
        if kind == INSTANT and not quote:
            return None
        pieces += [f'{same}{"," if place else ""}"{name}":{quote}', _text(column)]
        same = quote
    return [*pieces, same + "}"] if len(pieces) <= 2 * MOST_DIFFERENT else None


def _laid_out(pieces: list[str | pl.Series]) -> bytes:
    """Return the array whose lines are ``pieces`` laid end to end."""
    columns = [piece.alias(str(place)) for place, piece in enumerate(pieces) if isinstance(piece, pl.Series)]
    parts = [pl.lit(piece) if isinstance(piece, str) else pl.col(str(place)) for place, piece in enumerate(pieces)]
    body = BytesIO()
    body.write(b"[")
    lines = pl.DataFrame(columns).select(pl.concat_str(parts))
    lines.write_csv(body, include_header=False, quote_style="never", line_terminator=",")
    with body.getbuffer() as written:
        written[-1:] = b"]"
    return body.getvalue()


def _is_same(column: pl.Series) -> bool:
    if column.null_count() or column.dtype.is_nested():
        return column.null_count() == len(column)
    if column.dtype == pl.Float64:
        bits = column.to_numpy().view(np.int64)  # -0.0 equals 0.0, and is written otherwise
        return bool((bits == bits[0]).all())
    return bool((column == column[0]).all())


def _text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float() and not column.is_finite().all():
        column = column.set(~column.is_finite().fill_null(value=True), None)
    return column.cast(pl.String).fill_null("null")


def _one_row(first: pl.Series) -> str:
    """Return the name and the one value of a column as JSON has them, without braces."""
    line = BytesIO()
    pl.DataFrame([first]).write_ndjson(line)
    return line.getvalue().decode().strip()[1:-1]


def _written(instants: pl.Series) -> pl.Series:
    """Return instants as RFC 3339 in UTC, with a fraction of a second only where there is one.

    Days and times of day repeat, and each is written once.
    """
    micros = instants.cast(pl.Int64).fill_null(0).to_numpy()
    days, day = np.unique(micros // DAY, return_inverse=True)
    clocks, clock = np.unique(micros % DAY, return_inverse=True)
    time = pl.Series(clocks).cast(INSTANT).dt
    whole, exact = time.strftime("%H:%M:%SZ"), time.strftime("%H:%M:%S%.6fZ")
    written_clocks = whole.zip_with(pl.Series(clocks % SECOND == 0), exact)
    written = pl.Series(days * DAY).cast(INSTANT).dt.strftime("%Y-%m-%dT").gather(day) + written_clocks.gather(clock)
    return written.set(instants.is_null(), None).alias(instants.name)
