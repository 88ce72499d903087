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
_NO_ROWS: Final = '"items":[]'


def answer(around: BaseModel, rows: pl.DataFrame) -> Response:
    """Return the answer that ``around`` is, which has no items yet, with ``rows`` as its items."""
    before, _, after = around.model_dump_json().partition(_NO_ROWS)
    body = b"".join((before.encode(), b'"items":', _array(rows), after.encode()))
    return Response(body, media_type="application/json")


def _array(rows: pl.DataFrame) -> bytes:
    """Return rows as a JSON array of objects; infinite and NaN become null."""
    instants = [_written(rows[name]) for name, kind in rows.schema.items() if kind == INSTANT]
    lines = BytesIO()
    rows.with_columns(instants).write_ndjson(lines)
    return b"[" + lines.getvalue().removesuffix(b"\n").replace(b"\n", b",") + b"]"


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
