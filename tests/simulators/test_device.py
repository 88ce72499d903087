"""A simulated device reports what its declaration says, in the units declared there."""

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from simulators.device import SimulatedDevice
from simulators.errors import SimulationError
from simulators.fleet import fleet
from simulators.noise import IntColumn

CITY = """
name: tallinn
title: Tallinn
country: EE
timezone: Europe/Tallinn
role: network
facts: [{name: latitude, value: 59.44, unit: deg, source: map}]
sites: [{name: house-1, vertical: district_heating}]
devices:
  - name: meter
    native_id: "4711"
    site: house-1
    type: heat_meter
    expected_interval: PT1M
    series:
      - {quantity: heat_energy, unit: MWh}
      - {quantity: supply_temperature, unit: degF}
      - {quantity: flow, unit: l/h}
"""


def test_every_declared_series_is_reported_and_nothing_else(city: City, devices: dict[str, SimulatedDevice]) -> None:
    declared = {device.name: {series.quantity for series in device.series} for device in city.devices}
    now = np.array([1_780_000_000_000_000])
    assert {name: set(device.read(now)) for name, device in devices.items()} == declared


def test_values_are_in_declared_units_under_the_native_id(winter_day: IntColumn) -> None:
    declared = fleet(parse(CITY, "tallinn.yaml"), seed=1)[0]
    plain = "\n".join(line for line in CITY.replace(", unit: MWh", "").replace(", unit: degF", "").splitlines())
    canonical = fleet(parse(plain.replace(", unit: l/h", ""), "tallinn.yaml"), seed=1)[0]
    said, meant = declared.read(winter_day), canonical.read(winter_day)
    assert declared.address == "4711"
    assert said["heat_energy"] * 1000 == pytest.approx(meant["heat_energy"])
    assert (said["supply_temperature"] - 32) / 1.8 == pytest.approx(meant["supply_temperature"])
    assert said["flow"] / 1000 == pytest.approx(meant["flow"])


def test_another_seed_is_another_district(city: City, winter_day: IntColumn) -> None:
    first, second = (fleet(city, seed)[5].read(winter_day)["heat_power"] for seed in (1, 2))
    assert not (first == second).any()


def test_a_city_without_devices_in_the_chosen_vertical_is_refused(city: City) -> None:
    with pytest.raises(SimulationError, match="no device to simulate: expected devices in lighting"):
        fleet(city, 1, ["lighting"])
