"""The plant delivers what its substations take and the pipes lose, and its emission factor follows its load."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.city.assets import City
from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.device import INSTALLED, SimulatedDevice
from simulators.district_heating import PIPE_LOSS
from simulators.district_heating.plant import BASE_FACTOR, PEAK_FACTOR
from simulators.district_heating.pump import PUMPING
from simulators.errors import SimulationError
from simulators.fleet import fleet
from simulators.noise import IntColumn

pytestmark = pytest.mark.long

TWO_PLANTS = """
name: two
title: Two plants, one house, and one that they do not serve
country: DK
timezone: Europe/Copenhagen
role: network
sites:
  - {name: a, vertical: district_heating, serves: [pipes],
     facts: [{name: base_capacity, value: 30, unit: kW, source: simulated}]}
  - {name: b, vertical: district_heating, serves: [pipes],
     facts: [{name: base_capacity, value: 10, unit: kW, source: simulated}]}
  - {name: pipes, vertical: district_heating, serves: [near]}
  - {name: near, vertical: district_heating}
  - {name: far, vertical: district_heating}
devices:
  - {name: large, site: a, type: heat_plant, expected_interval: PT1M, series: [{quantity: heat_energy}]}
  - {name: small, site: b, type: heat_plant, expected_interval: PT1M, series: [{quantity: heat_energy}]}
  - {name: meter, site: near, type: heat_meter, expected_interval: PT1M, series: [{quantity: heat_energy}]}
  - {name: beyond, site: far, type: heat_meter, expected_interval: PT1M, series: [{quantity: heat_energy}]}
"""
JANUARY, JULY = (to_micros(datetime(2026, month, 10, tzinfo=UTC)) for month in (1, 7))


def test_production_is_deliveries_and_what_the_trenches_lose(devices: dict[str, SimulatedDevice]) -> None:
    edges = INSTALLED + np.array([0, 9 * DAY, 190 * DAY + 11 * HOUR + 7 * MINUTE])  # to the middle of summer
    delivered = sum(device.read(edges)["heat_energy"] for name, device in devices.items() if name.startswith("meter-"))
    lost = PIPE_LOSS * 940 * (edges - INSTALLED) / HOUR
    assert devices["plant"].read(edges)["heat_energy"] == pytest.approx(delivered + lost, rel=1e-9)


def test_plants_of_one_network_share_its_load_by_their_size() -> None:
    plants = {device.name: device for device in fleet(parse(TWO_PLANTS, "two.yaml"), seed=1)}
    times = np.array([JANUARY, JULY])
    large, small, meter, beyond = (
        plants[name].read(times)["heat_energy"] for name in ("large", "small", "meter", "beyond")
    )
    assert large == pytest.approx(3.0 * small)
    assert large + small == pytest.approx(meter, rel=1e-9)
    assert (beyond > 0).all()


def test_a_meter_behind_another_takes_less_and_is_not_fed_twice() -> None:
    nested = TWO_PLANTS.replace("site: far,", "site: far, carrier: heat, direction: consumption, submeter_of: meter,")
    nested = nested.replace("site: near,", "site: near, carrier: heat, direction: consumption,")
    nested = nested.replace("serves: [pipes]", "serves: [pipes, far]")
    devices = {device.name: device for device in fleet(parse(nested, "two.yaml"), seed=1)}
    times = np.array([JANUARY, JULY])
    large, small, meter, behind = (
        np.diff(devices[name].read(times)["heat_energy"])[0] for name in ("large", "small", "meter", "beyond")
    )
    assert 0.0 < behind < meter
    assert large + small == pytest.approx(meter, rel=1e-9)


def test_what_is_lost_on_the_way_is_little_and_never_negative(devices: dict[str, SimulatedDevice]) -> None:
    edges = np.array([JANUARY, JANUARY + 7 * DAY])
    meters = [device for name, device in devices.items() if name.startswith("meter-")]
    delivered = sum(float(np.diff(meter.read(edges)["heat_energy"])[0]) for meter in meters)
    fed_in = float(np.diff(devices["plant"].read(edges)["heat_energy"])[0])
    assert 0.02 < 1.0 - delivered / fed_in < 0.2


def test_the_emission_factor_holds_for_an_hour_and_rises_with_the_load(devices: dict[str, SimulatedDevice]) -> None:
    hour = devices["plant"].read(JANUARY + np.arange(4) * 15 * MINUTE)["heat_emission_factor"]
    assert len(set(hour.tolist())) == 1
    winter, summer = (
        devices["plant"].read(start + np.arange(7 * 24) * HOUR)["heat_emission_factor"] for start in (JANUARY, JULY)
    )
    assert winter.mean() > 1.3 * summer.mean()
    assert summer.min() > BASE_FACTOR / 2
    assert winter.max() < PEAK_FACTOR


def test_mixed_return_water_lies_between_the_coolest_and_the_warmest(
    devices: dict[str, SimulatedDevice], winter_day: IntColumn
) -> None:
    returns = np.array(
        [device.read(winter_day)["return_temperature"] for name, device in devices.items() if "meter" in name]
    )
    mixed = devices["plant"].read(winter_day)["return_temperature"]
    assert (mixed >= returns.min(axis=0)).all()
    assert (mixed <= returns.max(axis=0)).all()


def test_a_plant_without_anyone_to_feed_is_refused(city: City) -> None:
    lonely = city.model_copy(update={"devices": tuple(each for each in city.devices if each.name == "plant")})
    with pytest.raises(SimulationError, match="needs a heat_meter"):
        fleet(lonely, seed=1)


def test_pumps_of_one_network_share_its_water_and_their_electricity_follows_it() -> None:
    pumps = TWO_PLANTS + "".join(
        f"  - {{name: pump-{site}, site: {site}, type: circulation_pump, expected_interval: PT1M,\n"
        "     series: [{quantity: electricity_energy}, {quantity: electricity_power}]}\n"
        for site in ("a", "b")
    )
    measured = pumps.replace(
        "meter, expected_interval: PT1M, series: [", "meter, expected_interval: PT1M, series: [VOLUME"
    )
    devices = {one.name: one for one in fleet(parse(measured.replace("VOLUME", "{quantity: volume}, "), "two"), seed=1)}
    times = np.array([JANUARY, JANUARY + DAY, JULY])
    volume = devices["meter"].read(times)["volume"]
    first, second = (devices[f"pump-{site}"].read(times) for site in ("a", "b"))

    assert first["electricity_energy"] == pytest.approx(second["electricity_energy"])
    assert 2.0 * first["electricity_energy"] == pytest.approx(PUMPING * volume, rel=1e-9)
    assert first["electricity_power"][0] > first["electricity_power"][2] > 0.0
