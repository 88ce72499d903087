"""Rows of an answer as JSON: whichever way they are written, they are the bytes that a writer of rows writes."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import numpy as np
import polars as pl
import pytest
from pydantic import BaseModel

from kpi_engine.api import json_rows
from kpi_engine.api.json_rows import INSTANT, LEAST, MOST_DIFFERENT

ROWS = LEAST + 7
NUMBERS = np.random.default_rng(7)


class Around(BaseModel):
    """An answer that has no items yet."""

    items: list[int] = []
    next_cursor: str | None = None


def floats(*first: float | None) -> pl.Series:
    """Return numbers of every size, beginning with those given."""
    sizes = 10.0 ** NUMBERS.integers(-300, 300, ROWS)
    return pl.Series([*first, *(NUMBERS.normal(size=ROWS) * sizes).tolist()][:ROWS], dtype=pl.Float64)


def body(frame: pl.DataFrame) -> bytes:
    return bytes(json_rows.answer(Around(), frame).body)


def row_by_row(frame: pl.DataFrame) -> bytes:
    lines = BytesIO()
    frame.write_ndjson(lines)
    return b'{"items":[' + lines.getvalue().strip().replace(b"\n", b",") + b'],"next_cursor":null}'


FRAMES = {
    "numbers of every size": {"a": floats(), "b": floats(0.0, -0.0, 1.0, 1e16, 5e-324)},
    "what is no number, and nothing": {"a": floats(None, float("nan"), float("inf"), -float("inf"))},
    "zeros with a sign": {"a": pl.Series([0.0] * (ROWS - 1) + [-0.0])},
    "columns of one value": {
        "start": pl.Series(range(ROWS)),
        "text": pl.Series(['so "called"\\\n'] * ROWS),
        "nothing": pl.Series([None] * ROWS),
        "no number": pl.Series([float("nan")] * ROWS),
        "yes": pl.Series([True] * ROWS),
        "words": pl.Series([["a", "b"]] * ROWS),
    },
    "yes and no": {"a": pl.Series([True, False, None] * ROWS).head(ROWS), "b": pl.Series(range(ROWS))},
    "text that differs": {"a": pl.Series([f'"{number}"' for number in range(ROWS)]), "b": floats()},
    "more columns than are laid out": {str(number): floats() for number in range(MOST_DIFFERENT + 1)},
    "few rows": {"a": pl.Series([1.5, None])},
}


@pytest.mark.parametrize("columns", FRAMES.values(), ids=FRAMES.keys())
def test_rows_are_written_as_one_by_one(columns: dict[str, pl.Series]) -> None:
    frame = pl.DataFrame(columns)
    assert body(frame) == row_by_row(frame)
    json.loads(body(frame))


@pytest.mark.parametrize("rows", [3, ROWS])
def test_instants_are_in_utc_with_a_fraction_where_there_is_one_and_null_where_there_is_none(rows: int) -> None:
    first = datetime(2026, 3, 29, tzinfo=UTC)
    whole = [first + timedelta(minutes=15 * row) for row in range(rows)]
    exact: list[datetime | None] = [one + timedelta(microseconds=1) for one in whole]
    exact[1] = None
    frame = pl.DataFrame(
        {"whole": whole, "exact": exact, "one": [first] * rows},
        schema=dict.fromkeys(("whole", "exact", "one"), INSTANT),
    )
    items = json.loads(body(frame))["items"]
    assert len(items) == rows
    assert items[0] == {
        "whole": "2026-03-29T00:00:00Z",
        "exact": "2026-03-29T00:00:00.000001Z",
        "one": "2026-03-29T00:00:00Z",
    }
    assert items[1]["exact"] is None
    assert [one["whole"] for one in items] == [f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in whole]


def test_no_rows_are_no_items() -> None:
    assert body(pl.DataFrame({"a": []}, schema={"a": pl.Float64})) == b'{"items":[],"next_cursor":null}'
