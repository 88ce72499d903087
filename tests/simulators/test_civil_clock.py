"""Wall clocks follow the zone, through summer time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from simulators.civil_clock import hour_of_day, instants, is_weekend, local


@pytest.mark.parametrize(
    ("instant", "zone", "hour", "weekend"),
    [
        (datetime(2026, 1, 5, 5, 30, tzinfo=UTC), "Europe/Copenhagen", 6.5, False),  # a Monday
        (datetime(2026, 7, 5, 5, 30, tzinfo=UTC), "Europe/Copenhagen", 7.5, True),  # a Sunday
        (datetime(2026, 7, 3, 22, 30, tzinfo=UTC), "Europe/Copenhagen", 0.5, True),  # already Saturday there
        (datetime(2026, 7, 3, 22, 30, tzinfo=UTC), "UTC", 22.5, False),
        (datetime(2026, 7, 3, 0, 0, tzinfo=UTC), "Asia/Kolkata", 5.5, False),
        (datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "Australia/Lord_Howe", 1.75, True),  # half an hour back, just now
    ],
)
def test_the_wall_clock_is_the_zones(instant: datetime, zone: str, hour: float, weekend: bool) -> None:
    wall = local(np.array([to_micros(instant)]), zone)
    assert hour_of_day(wall).tolist() == [hour]
    assert is_weekend(wall).tolist() == [weekend]


@pytest.mark.parametrize(
    "zone", ["Europe/Tallinn", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago", "UTC"]
)
def test_a_time_on_the_wall_is_the_instant_that_the_standard_library_says(zone: str) -> None:
    wall = to_micros(datetime(2026, 1, 1, tzinfo=UTC)) + np.arange(0, 365 * DAY, 30 * MINUTE)
    expected = [to_micros(from_micros(each).replace(tzinfo=ZoneInfo(zone))) for each in wall.tolist()]
    assert instants(wall, zone).tolist() == expected


def test_a_time_that_the_clock_leaves_out_is_an_hour_later() -> None:
    left_out = to_micros(datetime(2026, 3, 29, 2, 30, tzinfo=UTC))
    instant = instants(np.array([left_out]), "Europe/Copenhagen")
    assert (local(instant, "Europe/Copenhagen") - left_out).tolist() == [HOUR]
