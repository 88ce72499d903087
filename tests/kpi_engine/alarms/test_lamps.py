"""Lamps that follow the sun raise nothing, in the nights the clocks change and where days have no night; others do."""

import numpy as np
import pytest

from ingest.model.time import DAY, HOUR, MINUTE
from simulators.smart_lighting.dusk import switching
from tests import towns
from tests.kpi_engine.alarms.watched import Received, Story, Town, at
from tests.towns import device, fact

pytestmark = pytest.mark.long

NIGHTS = [
    ("Europe/Copenhagen", 54.91, 9.79, "2026-03-28T12:00:00Z"),
    ("Europe/Copenhagen", 54.91, 9.79, "2026-10-24T12:00:00Z"),
    ("Europe/Tallinn", 58.38, 26.72, "2026-06-20T12:00:00Z"),  # the sun is never 6 degrees below the horizon for long
    ("Europe/Oslo", 69.65, 18.96, "2026-06-20T12:00:00Z"),  # it does not set
    ("Europe/Oslo", 69.65, 18.96, "2026-12-20T12:00:00Z"),  # it does not rise
    ("Australia/Lord_Howe", -31.55, 159.08, "2026-04-04T06:00:00Z"),  # half an hour back
    ("America/Santiago", -33.45, -70.67, "2026-09-05T18:00:00Z"),  # a midnight that does not exist
]


def stories(zone: str, latitude: float, longitude: float, start: int, late: int) -> list[Story]:
    """Return the alarms of two days of a lamp that is switched by the sun, ``late`` microseconds after it."""
    place = [fact("latitude", latitude, "deg"), fact("longitude", longitude, "deg")]
    lamp = device("lamp", "luminaire", "dimming_level", every="PT10M")
    town = Town.of(towns.city(lamp, name="town", zone=zone, facts=place), start)
    sun = switching(latitude, longitude, 10)
    times = np.arange(start, start + 2 * DAY, 10 * MINUTE)
    dark = sun.dark[np.searchsorted(sun.instants, times - late, side="right") - 1]
    received = [
        Received("lamp", "dimming_level", time, 100.0 if is_dark else 0.0, time)
        for time, is_dark in zip(times.tolist(), dark.tolist(), strict=True)
    ]
    return town.stories(received, start, start + 2 * DAY, 10 * MINUTE)


@pytest.mark.parametrize(("zone", "latitude", "longitude", "start"), NIGHTS)
def test_a_lamp_that_follows_the_sun_is_never_wrong(zone: str, latitude: float, longitude: float, start: str) -> None:
    assert stories(zone, latitude, longitude, at(start), 0) == []


@pytest.mark.parametrize("start", ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"])
def test_a_lamp_that_is_two_hours_late_is_dark_at_dusk_and_on_by_day(start: str) -> None:
    rules = [story.rule for story in stories("Europe/Copenhagen", 54.91, 9.79, at(start), 2 * HOUR)]
    assert rules == ["lamp_dark_at_night", "lamp_dark_at_night", "lamp_on_by_day", "lamp_on_by_day"]
