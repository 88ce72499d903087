"""A small simulated city, and instants to look at it."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.time import DAY, MINUTE, to_micros
from simulators.device import SimulatedDevice
from simulators.fleet import fleet
from simulators.noise import IntColumn
from tests import towns


@pytest.fixture(scope="session")
def city() -> City:
    """Return the demonstration city."""
    return towns.shipped("demo")


@pytest.fixture(scope="session")
def devices(city: City) -> dict[str, SimulatedDevice]:
    """Return its simulated devices by name."""
    return {device.name: device for device in fleet(city, seed=7)}


@pytest.fixture(scope="session")
def year() -> IntColumn:
    """Return every hour of a year, from 1 November 2025."""
    return to_micros(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(365 * 24) * (60 * MINUTE)


@pytest.fixture(scope="session")
def winter_day() -> IntColumn:
    """Return every quarter-hour of 15 January 2026."""
    return np.arange(
        to_micros(datetime(2026, 1, 15, tzinfo=UTC)), to_micros(datetime(2026, 1, 15, tzinfo=UTC)) + DAY, 15 * MINUTE
    )
