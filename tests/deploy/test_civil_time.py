"""Times on the command line: a day is one of the city, an instant names its offset."""

import pytest
import typer

from deploy.civil_time import instant, span
from deploy.errors import EmptyRangeError
from ingest.model.time import isoformat, to_micros

ZONE = "Europe/Copenhagen"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2026-01-01", "2025-12-31T23:00:00Z"),
        ("2026-01-01T00:00:00+05:30", "2025-12-31T18:30:00Z"),
    ],
)
def test_a_day_begins_in_the_city_and_an_instant_where_it_says(given: str, meant: str) -> None:
    assert isoformat(to_micros(instant(given, ZONE))) == meant


@pytest.mark.parametrize(
    "given", ["yesterday", "2026-02-30", "2026-01-01T00:00:00", "0001-01-01", "0001-01-01T00:00:00+23:59"]
)
def test_what_is_neither_is_wrong_usage(given: str) -> None:
    with pytest.raises(typer.BadParameter, match="expected a day"):
        instant(given, ZONE)


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(EmptyRangeError):
        span("2026-01-01", "2026-01-01", ZONE)
