"""A small city with charging points of every kind of venue."""

import pytest

from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from simulators.device import SimulatedDevice
from simulators.fleet import fleet

HEAD = """
name: tartu-sample
title: Charging in Tartu, a sample
country: EE
timezone: Europe/Tallinn
role: lighthouse
facts:
  - {name: latitude, value: 58.38, unit: deg, source: map}
  - {name: longitude, value: 26.72, unit: deg, source: map}
sites:
  - {name: garage, title: Garage of a housing cooperative, vertical: ev_charging}
  - {name: office, title: Car park of an office, vertical: ev_charging}
  - {name: square, title: Market square, vertical: ev_charging}
  - name: ring-road
    title: Ring road
    vertical: ev_charging
    facts: [{name: rated_power, value: 60, unit: kW, source: simulated}]
devices:
"""
POINT = """
  - name: {site}-{number}
    site: {site}
    type: charging_point
    carrier: electricity
    direction: consumption
    expected_interval: PT1M
    series: [{{quantity: electricity_energy}}, {{quantity: charging_sessions}}, {{quantity: electricity_power}},
      {{quantity: plugged_in}}, {{quantity: connector_status}}]
"""


@pytest.fixture(scope="session")
def charging_city() -> City:
    """Return a city with a dozen points in a garage and two at each other venue."""
    points = {"garage": 12, "office": 2, "square": 2, "ring-road": 2}
    devices = (POINT.format(site=site, number=number) for site, count in points.items() for number in range(count))
    return parse(HEAD + "".join(devices), "tartu-sample.yaml")


@pytest.fixture(scope="session")
def points(charging_city: City) -> dict[str, SimulatedDevice]:
    """Return its simulated points by name."""
    return {device.name: device for device in fleet(charging_city, seed=3)}
