"""Times in every way in which mapping files say that they are written."""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import pytest

from ingest.errors import MappingError
from ingest.history.clocks import instants
from ingest.history.mapping import TimeColumn
from ingest.model.time import isoformat, to_micros

MADRID = {"column": "day", "format": "%Y/%m/%d", "hour": "hour", "zone": "Europe/Madrid"}


def told(rows: Sequence[tuple[str | None, ...]], **column: str) -> list[str | None]:
    frame = pl.DataFrame(rows, schema=["day", "hour"], orient="row", strict=False)
    found = instants(frame, TimeColumn.model_validate(column))
    return [isoformat(time) if known else None for time, known in zip(found.first.tolist(), found.known, strict=True)]


def test_an_hour_of_a_day_is_named_after_its_end() -> None:
    rows = [("2026/07/01", "1"), ("2026/07/01", "02:00"), ("2026/07/01", "24:00:00"), ("2026/12/31", "24")]
    assert told(rows, **MADRID) == [
        "2026-06-30T23:00:00Z",
        "2026-07-01T00:00:00Z",
        "2026-07-01T22:00:00Z",
        "2026-12-31T23:00:00Z",
    ]


def test_an_hour_that_clocks_skip_and_what_is_none_are_no_instants() -> None:
    rows = [("2026/03/29", "2"), ("2026/03/29", "3"), ("2026/03/29", "4"), ("2026/03/29", "0"), ("x", "1"), (None, "1")]
    assert told(rows, **MADRID) == ["2026-03-29T01:00:00Z", None, "2026-03-29T02:00:00Z", None, None, None]


def test_hours_that_are_numbered_beyond_a_day_are_refused() -> None:
    with pytest.raises(MappingError, match="column hour: the hours of a day are numbered beyond 24"):
        told([("2026/10/25", "25")], **MADRID)


@pytest.mark.parametrize(
    ("epoch", "text"),
    [("s", "1782864000.5"), ("ms", "1782864000500"), ("us", "1782864000500000"), ("ns", "1782864000500000000")],
)
def test_numbers_since_1970_are_instants_in_their_unit(epoch: str, text: str) -> None:
    half = isoformat(to_micros(datetime(2026, 7, 1, 0, 0, 0, 500_000, UTC)))
    assert told([(text, ""), ("soon", ""), ("1e300", ""), ("nan", "")], column="day", epoch=epoch) == [
        half,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "column",
    [
        {"column": "day", "epoch": "s", "format": "%Y"},
        {"column": "day", "epoch": "s", "hour": "hour"},
        {"column": "day", "hour": "hour"},
        {"column": "day", "epoch": "h"},
    ],
)
def test_a_column_is_written_in_one_way(column: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"expected|Input should be"):
        TimeColumn.model_validate(column)
