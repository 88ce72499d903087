"""Meters of a building add up, import only, follow its use, and count what their power amounts to."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros
from simulators.civil_clock import hour_of_day, is_weekend, local
from simulators.device import INSTALLED, SimulatedDevice
from simulators.errors import SimulationError
from simulators.fleet import fleet
from simulators.noise import FloatColumn, IntColumn

CITY = """
name: demo
title: Buildings of every kind
country: DK
timezone: Europe/Copenhagen
role: network
x-series: &electricity [{quantity: electricity_energy}, {quantity: electricity_power}]
x-devices:
  - &meter {type: electricity_meter, expected_interval: PT1M, series: *electricity}
  - &point {type: charging_point, expected_interval: PT1M, series: *electricity}
  - &inverter {type: photovoltaic_inverter, expected_interval: PT1M, series: *electricity}
sites:
  - {name: office, vertical: buildings, facts: [{name: floor_area, value: 4000, unit: m2, source: simulated}]}
  - {name: school, vertical: buildings, facts: [{name: floor_area, value: 5000, unit: m2, source: simulated},
     {name: photovoltaic_capacity, value: 90, unit: kW, source: simulated}]}
  - {name: flats, vertical: buildings, facts: [{name: floor_area, value: 2400, unit: m2, source: simulated}]}
  - {name: villa, vertical: buildings}
  - {name: arena, vertical: buildings}
  - {name: garage, vertical: ev_charging}
devices:
  - {<<: *meter, name: main-office, site: office}
  - {<<: *meter, name: ventilation-office, site: office, submeter_of: main-office}
  - {<<: *meter, name: servers-office, site: office, submeter_of: main-office}
  - {<<: *meter, name: lighting-office, site: office, submeter_of: main-office}
  - {<<: *meter, name: sockets-1-office, site: office, submeter_of: main-office}
  - {<<: *meter, name: sockets-2-office, site: office, submeter_of: main-office}
  - {<<: *meter, name: desk-office, site: office, submeter_of: sockets-1-office}
  - {<<: *meter, name: main-school, site: school}
  - {<<: *meter, name: lighting-school, site: school, submeter_of: main-school}
  - {<<: *inverter, name: pv-school, site: school}
  - {<<: *meter, name: feed-in-school, site: school, carrier: electricity, direction: production}
  - {<<: *meter, name: main-flats, site: flats}
  - {<<: *meter, name: main-villa, site: villa}
  - {<<: *meter, name: main-arena, site: arena}
  - {<<: *point, name: point-1, site: garage, submeter_of: main-flats}
  - {<<: *point, name: point-2, site: garage, submeter_of: main-flats}
"""
MONDAY = to_micros(datetime(2026, 1, 12, tzinfo=UTC)) - HOUR  # midnight in Copenhagen
YEAR = to_micros(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(365 * 24) * HOUR


@pytest.fixture(scope="module")
def meters() -> dict[str, SimulatedDevice]:
    """Return the meters of one city with a building of every kind."""
    return {device.name: device for device in fleet(parse(CITY, "demo.yaml"), seed=5)}


def _energy(device: SimulatedDevice, times: IntColumn) -> FloatColumn:
    return device.read(times)["electricity_energy"]


def _by_hour(times: IntColumn, power: FloatColumn, zone: str = "Europe/Copenhagen") -> FloatColumn:
    hour = hour_of_day(local(times, zone)).astype(int)
    return np.asarray([power[hour == each].mean() / power.mean() for each in range(24)])


@pytest.mark.long
def test_a_main_meter_is_the_sum_of_what_stands_behind_it(meters: dict[str, SimulatedDevice]) -> None:
    behind = ("ventilation-office", "servers-office", "lighting-office", "sockets-1-office", "sockets-2-office")
    total = sum(_energy(meters[name], YEAR) for name in behind)
    np.testing.assert_allclose(_energy(meters["main-office"], YEAR), total, rtol=1e-9)
    desk, sockets, others = (
        _energy(meters[name], YEAR[1:]) for name in ("desk-office", "sockets-1-office", "sockets-2-office")
    )
    np.testing.assert_allclose(sockets, others, rtol=1e-6)
    assert (desk < sockets).all()


def test_what_no_sub_meter_measures_is_the_rest(meters: dict[str, SimulatedDevice]) -> None:
    night = MONDAY - 21 * DAY + np.arange(4) * HOUR  # no sun, so nothing covers the load
    main, lighting = (np.diff(_energy(meters[name], night)) for name in ("main-school", "lighting-school"))
    assert (main > 1.5 * lighting).all()


@pytest.mark.long
def test_photovoltaics_lower_the_import_and_never_below_zero(meters: dict[str, SimulatedDevice]) -> None:
    dark = fleet(parse(CITY.replace("  - {<<: *inverter, name: pv-school, site: school}\n", ""), "demo.yaml"), seed=5)
    without = next(device for device in dark if device.name == "main-school")
    with_sun, gross, sun = (
        device.read(YEAR)["electricity_power"] for device in (meters["main-school"], without, meters["pv-school"])
    )
    assert with_sun.min() == 0.0
    np.testing.assert_allclose(with_sun, np.maximum(0.0, gross - sun), rtol=1e-6, atol=1e-9)
    assert (np.diff(_energy(meters["main-school"], YEAR)) >= 0.0).all()


@pytest.mark.long
def test_a_meter_of_feed_in_counts_what_photovoltaics_yield_beyond_the_load(meters: dict[str, SimulatedDevice]) -> None:
    dark = fleet(parse(CITY.replace("  - {<<: *inverter, name: pv-school, site: school}\n", ""), "demo.yaml"), seed=5)
    unlit = {device.name: device for device in dark}
    fed_in, imported, load, sun = (
        device.read(YEAR)["electricity_power"]
        for device in (meters["feed-in-school"], meters["main-school"], unlit["main-school"], meters["pv-school"])
    )
    assert fed_in == pytest.approx(np.maximum(sun - load, 0.0), abs=1e-9)
    assert fed_in.max() > 20.0
    assert (np.minimum(fed_in, imported) == 0.0).all()
    assert (unlit["feed-in-school"].read(YEAR)["electricity_power"] == 0.0).all()


def test_photovoltaics_yield_what_roofs_of_the_latitude_do(meters: dict[str, SimulatedDevice]) -> None:
    sun = meters["pv-school"].read(YEAR)
    assert 850.0 < (sun["electricity_energy"][-1] - sun["electricity_energy"][0]) / 90.0 < 1150.0
    assert sun["electricity_power"].max() < 90.0
    assert (sun["electricity_power"] == 0.0).mean() > 0.4


@pytest.mark.long
def test_what_charges_behind_a_building_is_part_of_what_its_meter_counts(meters: dict[str, SimulatedDevice]) -> None:
    alone = {device.name: device for device in fleet(parse(CITY.replace(", submeter_of: main-flats", ""), "x"), seed=5)}
    charged = _energy(meters["point-1"], YEAR) + _energy(meters["point-2"], YEAR)
    assert charged[-1] > charged[0]
    np.testing.assert_allclose(
        _energy(meters["main-flats"], YEAR), _energy(alone["main-flats"], YEAR) + charged, rtol=1e-9
    )
    only = {device.name: device for device in fleet(parse(CITY, "x"), 5, ["buildings"])}
    assert "point-1" not in only
    assert (_energy(only["main-flats"], YEAR) == _energy(meters["main-flats"], YEAR)).all()


@pytest.mark.parametrize("name", ["main-office", "lighting-office", "main-school", "pv-school", "main-villa"])
def test_registers_are_the_integrals_of_power(name: str, meters: dict[str, SimulatedDevice]) -> None:
    times = MONDAY + np.arange(24 * 360 + 1) * 10 * SECOND
    readings = meters[name].read(times)
    power, energy = readings["electricity_power"], readings["electricity_energy"]
    assert ((power[1:] + power[:-1]) / 720).sum() == pytest.approx(energy[-1] - energy[0], rel=1e-6)
    assert energy[1000] == _energy(meters[name], times[1000:1001])[0]


def test_offices_work_by_day_and_homes_in_the_evening(meters: dict[str, SimulatedDevice]) -> None:
    office, villa, arena = (
        _by_hour(YEAR, meters[name].read(YEAR)["electricity_power"])
        for name in ("main-office", "main-villa", "main-arena")
    )
    assert office[9:15].mean() > 2.5 * office[0:5].mean()
    assert 18 <= int(villa.argmax()) <= 21
    assert arena[18:21].mean() > arena[9:12].mean() > arena[0:5].mean()
    power, weekend = meters["main-office"].read(YEAR)["electricity_power"], is_weekend(local(YEAR, "Europe/Copenhagen"))
    assert power[~weekend].mean() > 1.8 * power[weekend].mean()


def test_schools_are_quiet_in_summer_and_on_christmas(meters: dict[str, SimulatedDevice]) -> None:
    light = meters["lighting-school"]

    def at_ten(month: int, day: int) -> float:
        return float(
            light.read(np.array([to_micros(datetime(2025, month, day, 9, tzinfo=UTC))]))["electricity_power"][0]
        )

    assert at_ten(12, 25) < 0.3 * at_ten(12, 11)
    assert at_ten(7, 10) < 0.6 * at_ten(9, 11)


@pytest.mark.parametrize("night", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_people_come_by_the_clock_on_the_wall_whatever_it_did_that_night(
    meters: dict[str, SimulatedDevice], night: datetime
) -> None:
    monday = to_micros(night) + DAY - 2 * HOUR + np.arange(24 * 4) * 15 * MINUTE
    power = meters["ventilation-office"].read(monday)["electricity_power"]
    begins = hour_of_day(local(monday, "Europe/Copenhagen"))[np.flatnonzero(np.diff(power > power.mean()))[0] + 1]
    assert begins == pytest.approx(5.0, abs=0.25)
    assert (np.diff(_energy(meters["main-office"], to_micros(night) + np.arange(24) * HOUR)) > 0).all()


def test_nothing_was_measured_before_the_meter_was_installed(meters: dict[str, SimulatedDevice]) -> None:
    with pytest.raises(SimulationError, match="2024-12-31T23:59:59"):
        meters["main-office"].read(np.array([INSTALLED - SECOND]))
    assert _energy(meters["main-office"], np.array([INSTALLED])).tolist() == [0.0]


@pytest.mark.reference_data
def test_a_simulated_home_resembles_real_ones(meters: dict[str, SimulatedDevice], reference_data: Path) -> None:
    """Three homes of the CityLearn challenge 2022: nights at 0.55 to 0.75 of the mean, evenings at 1.1 to 1.5."""
    files = sorted((reference_data / "buildings").glob("citylearn_2022_building_*.csv"))
    assert files
    real = np.mean([_home(pl.read_csv(file)) for file in files], axis=0)
    simulated = _by_hour(YEAR, meters["main-villa"].read(YEAR)["electricity_power"])
    assert simulated[1:5].mean() == pytest.approx(real[1:5].mean(), rel=0.25)
    assert simulated[18:22].mean() == pytest.approx(real[18:22].mean(), rel=0.35)
    assert np.corrcoef(simulated, real)[0, 1] > 0.6


@pytest.mark.reference_data
def test_a_simulated_roof_resembles_real_ones(meters: dict[str, SimulatedDevice], reference_data: Path) -> None:
    """Photovoltaics of the same homes, near 30 degrees north: the shape of the day, and zero at night."""
    real = pl.read_csv(reference_data / "buildings" / "citylearn_2022_building_2.csv")
    hour, power = real["hour"].to_numpy() % 24, real["solar_generation"].to_numpy()
    measured = np.array([power[hour == each].mean() for each in range(24)]) / power.mean()
    times = np.asarray(YEAR + int(9.8 / 360.0 * DAY))  # by the sun, which their clock follows within the hour
    simulated = _by_hour(times, meters["pv-school"].read(YEAR)["electricity_power"], "UTC")
    assert max(np.corrcoef(np.roll(simulated, shift), measured)[0, 1] for shift in (-1, 0, 1)) > 0.97


def _home(frame: pl.DataFrame) -> FloatColumn:
    hour, load = frame["hour"].to_numpy() % 24, frame["non_shiftable_load"].to_numpy()
    return np.asarray([load[hour == each].mean() / load.mean() for each in range(24)])
