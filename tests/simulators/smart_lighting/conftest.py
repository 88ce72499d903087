"""A small city with two cabinets and a luminaire that hangs on none."""

import pytest

from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from simulators.device import SimulatedDevice
from simulators.fleet import fleet

CITY = """
name: sonderborg-sample
title: Lighting in Sønderborg, a sample
country: DK
timezone: Europe/Copenhagen
role: lighthouse
facts:
  - {name: latitude, value: 54.91, unit: deg, source: map}
  - {name: longitude, value: 9.79, unit: deg, source: map}
sites:
  - name: north
    title: Street lighting, Skovvej
    vertical: smart_lighting
    facts: [{name: rated_power, value: 0.045, unit: kW, source: simulated}]
  - {name: south, title: "Main road, Alsgade", vertical: smart_lighting}
  - {name: park, title: Park, vertical: smart_lighting}
x-types:
  - &cabinet
    type: lighting_cabinet
    carrier: electricity
    direction: consumption
    expected_interval: PT1M
    series: [{quantity: electricity_energy}, {quantity: electricity_power}]
  - &luminaire
    type: luminaire
    carrier: electricity
    direction: consumption
    expected_interval: PT1M
    series: [{quantity: electricity_energy}, {quantity: burning_hours}, {quantity: dimming_level},
      {quantity: electricity_power}]
devices:
  - {<<: *cabinet, name: cabinet-north, site: north}
  - {<<: *cabinet, name: cabinet-south, site: south}
  - {<<: *luminaire, name: north-1, site: north, submeter_of: cabinet-north}
  - {<<: *luminaire, name: north-2, site: north, submeter_of: cabinet-north}
  - {<<: *luminaire, name: north-3, site: north, submeter_of: cabinet-north}
  - {<<: *luminaire, name: south-1, site: south, submeter_of: cabinet-south}
  - {<<: *luminaire, name: south-2, site: south, submeter_of: cabinet-south}
  - {<<: *luminaire, name: park-1, site: park}
"""


@pytest.fixture(scope="session")
def lit_city() -> City:
    """Return the city."""
    return parse(CITY, "sonderborg-sample.yaml")


@pytest.fixture(scope="session")
def lamps(lit_city: City) -> dict[str, SimulatedDevice]:
    """Return its simulated luminaires and cabinets by name."""
    return {device.name: device for device in fleet(lit_city, seed=3)}
