"""It becomes dark when the sun is as low as the threshold says, once every evening, and at the poles when it does."""

import numpy as np
import pytest
from astral import Observer
from astral.sun import elevation

from ingest.model.time import DAY, HOUR, MINUTE, from_micros
from simulators.device import INSTALLED
from simulators.smart_lighting.dusk import DEPRESSION, switching

PLACES = [
    (54.9, 9.8),
    (42.8, -2.7),
    (58.4, 26.7),
    (-36.8, 174.8),
    (21.3, -157.9),
    (52.3, 104.3),  # dawn at midnight in UTC
    (-16.5, 179.99),
    (0.0, -180.0),
]


@pytest.mark.parametrize(("latitude", "longitude"), PLACES)
def test_the_sun_is_where_the_photocell_says(latitude: float, longitude: float) -> None:
    found, observer = switching(latitude, longitude, 1), Observer(latitude, longitude)
    for instant in found.instants[1:].tolist():
        height = elevation(observer, from_micros(instant), with_refraction=False)
        assert height == pytest.approx(-DEPRESSION, abs=0.02)
        later = elevation(observer, from_micros(instant + 10 * MINUTE), with_refraction=False)
        assert (later < height) == found.dark[found.instants == instant][0]


@pytest.mark.parametrize(("latitude", "longitude"), PLACES)
def test_every_night_begins_and_ends(latitude: float, longitude: float) -> None:
    found = switching(latitude, longitude, 2)
    assert (found.dark[1:] != found.dark[:-1]).all()
    lasted = np.diff(found.instants)[1:]
    assert lasted.min() > 4 * HOUR
    assert lasted.max() < 20 * HOUR
    assert 2 * 732 <= len(lasted) <= 2 * 732 + 6


@pytest.mark.parametrize("latitude", [66.0, 69.6, 78.2, 89.9, -78.2])
def test_the_sun_of_the_poles_stays_up_or_down_for_as_long_as_it_does(latitude: float) -> None:
    found = switching(latitude, 18.9, 2)
    hours = INSTALLED + np.arange(700 * 24) * HOUR
    dark = found.dark[np.searchsorted(found.instants, hours, side="right") - 1].reshape(-1, 24)
    summer, winter = (slice(165, 178), slice(348, 361)) if latitude > 0 else (slice(348, 361), slice(165, 178))
    assert not dark[summer].any()
    assert dark[winter].mean() > 0.7
    assert dark[winter].all() == (abs(latitude) > 75)
    assert abs(np.diff(dark.sum(axis=1))).max() <= (24 if abs(latitude) > 85 else 8)
    assert np.ptp(found.instants) > DAY * 650
