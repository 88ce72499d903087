"""Rolling years, heating seasons and reporting years begin and end with civil months."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from ingest.model.time import HOUR, from_micros, to_micros
from kpi_engine.figures.named_spans import SpanKind, spans

ZONE: Final = "Europe/Copenhagen"
START: Final = to_micros(datetime(2024, 12, 31, 23, tzinfo=UTC))
END: Final = to_micros(datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_a_rolling_year_begins_with_every_month_and_is_twelve_of_them_long() -> None:
    found = spans(SpanKind.ROLLING_YEAR, START, END, ZONE)

    assert len(found) == 24
    assert found[0].end == found[12].start
    assert all(one.start < other.start for one, other in pairwise(found))


def test_a_heating_season_is_october_to_april_unless_other_months_are_asked_for() -> None:
    usual, shorter = (spans(SpanKind.HEATING_SEASON, START, END, ZONE, months) for months in (None, (11, 3)))

    assert [(one.start, one.end) for one in usual] == [
        (to_micros(datetime(2025, 9, 30, 22, tzinfo=UTC)), to_micros(datetime(2026, 4, 30, 22, tzinfo=UTC))),
        (to_micros(datetime(2026, 9, 30, 22, tzinfo=UTC)), to_micros(datetime(2027, 4, 30, 22, tzinfo=UTC))),
    ]
    assert [f"{from_micros(one.start):%m-%d}" for one in shorter] == ["10-31"] * 2
    assert (shorter[0].end - shorter[0].start) // HOUR == (30 + 31 + 31 + 28) * 24


def test_a_reporting_year_begins_with_its_own_month_and_those_that_begin_before_are_left_out() -> None:
    found = spans(SpanKind.REPORTING_YEAR, START + HOUR, END, ZONE, (7, 7))

    assert [f"{from_micros(one.start):%Y-%m-%d}" for one in found] == ["2025-06-30", "2026-06-30"]
    assert [f"{from_micros(one.start):%Y}" for one in spans(SpanKind.REPORTING_YEAR, START + HOUR, END, ZONE)] == [
        "2025"
    ]
