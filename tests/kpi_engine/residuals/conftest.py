"""A town whose balances close: a plant that loses a tenth, a main meter that counts more than its two submeters."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

from tests.kpi_engine.conftest import district_of
from tests.stores import POSTGRESQL, TIMESCALEDB, one_backend

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

CITY: Final = """
name: town
title: Town
country: DK
timezone: Europe/Copenhagen
role: lighthouse
sites:
- {name: plant, vertical: district_heating, serves: [a, b]}
- {name: a, vertical: district_heating}
- {name: b, vertical: district_heating}
- {name: school, vertical: buildings}
devices:
- {name: plant, site: plant, type: heat_plant, carrier: heat, direction: production, expected_interval: PT1H,
   series: [{quantity: heat_energy}]}
- {name: meter-a, site: a, type: heat_meter, carrier: heat, direction: consumption, expected_interval: PT1H,
   series: [{quantity: heat_energy}, {quantity: volume}, {quantity: volume_supply_temperature},
            {quantity: volume_return_temperature}]}
- {name: meter-b, site: b, type: heat_meter, carrier: heat, direction: consumption, expected_interval: PT1H,
   series: [{quantity: heat_energy}]}
- {name: main, site: school, type: electricity_meter, carrier: electricity, direction: consumption,
   expected_interval: PT1H, series: [{quantity: electricity_energy}]}
- {name: kitchen, site: school, type: electricity_meter, carrier: electricity, direction: consumption,
   submeter_of: main, expected_interval: PT1H, series: [{quantity: electricity_energy}]}
- {name: lift, site: school, type: electricity_meter, carrier: electricity, direction: consumption,
   submeter_of: main, valid_from: 2026-03-11, expected_interval: PT1H, series: [{quantity: electricity_energy}]}
"""
PER_HOUR: Final = {
    ("plant", "heat_energy"): 10.0,
    ("meter-a", "heat_energy"): 5.0,
    ("meter-a", "volume"): 0.1,
    ("meter-a", "volume_supply_temperature"): 8.0,
    ("meter-a", "volume_return_temperature"): 4.0,
    ("meter-b", "heat_energy"): 4.0,
    ("main", "electricity_energy"): 9.0,
    ("kitchen", "electricity_energy"): 6.0,
    ("lift", "electricity_energy"): 2.0,
}


@pytest.fixture(params=[POSTGRESQL, TIMESCALEDB])
def store(request: pytest.FixtureRequest) -> str:
    """Run on both stores; tests and engine have a session each, which a store of one backend mixes up."""
    name = str(request.param)
    if one_backend(name):
        pytest.skip("needs several sessions at once: a native TimescaleDB by PHAROS_TEST_TIMESCALE_URL")
    return name


@pytest.fixture
def town(database_url: str) -> "Iterator[District]":
    """Return the town with six weeks of hours, of which nothing is computed yet."""
    with district_of(database_url, CITY) as found:
        for (device, quantity), amount in PER_HOUR.items():
            found.counts(device, quantity, "2026-03-01T00:00", "2026-04-10T00:00", amount)
        yield found
