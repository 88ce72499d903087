"""One sky for all verticals, and a grid whose emissions change by the hour as its zone's do."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.civil_clock import hour_of_day, local
from simulators.device import SimulatedDevice
from simulators.environment.grid_signal import GridSignal, mix_of
from simulators.fleet import fleet
from simulators.noise import FloatColumn
from simulators.place import Place
from simulators.weather import Climate

CITY = """
name: tartu
title: Tartu
country: EE
timezone: Europe/Tallinn
grid_zone: EE
role: lighthouse
facts: [{name: latitude, value: 58.38, unit: deg, source: map}, {name: longitude, value: 26.72, unit: deg, source: map}]
sites:
  - {name: square, vertical: environment}
  - {name: plant, vertical: district_heating}
devices:
  - name: weather
    site: square
    type: weather_station
    expected_interval: PT10S
    series: [{quantity: outdoor_temperature}, {quantity: global_irradiance}, {quantity: wind_speed},
             {quantity: relative_humidity}]
  - {name: thermometer, site: plant, type: weather_station, expected_interval: PT10S,
     series: [{quantity: outdoor_temperature}]}
  - {name: grid, site: square, type: grid_signal, expected_interval: PT1H, series: [{quantity: grid_emission_factor}]}
"""
ZONES = {
    "EE": Place("Europe/Tallinn", Climate(58.38, 26.72), 1),
    "DK-DK1": Place("Europe/Copenhagen", Climate(54.91, 9.79), 1),
    "ES": Place("Europe/Madrid", Climate(42.85, -2.67), 1),
}
YEAR = to_micros(datetime(2025, 1, 1, tzinfo=UTC)) + np.arange(365 * 24) * HOUR


@pytest.fixture(scope="module")
def tartu() -> dict[str, SimulatedDevice]:
    """Return the devices of a city with two thermometers."""
    return {device.name: device for device in fleet(parse(CITY, "tartu.yaml"), seed=3)}


def _factor(zone: str) -> FloatColumn:
    return GridSignal(mix_of(zone), ZONES[zone]).at(YEAR)["grid_emission_factor"]


def _hours(zone: str) -> FloatColumn:
    hour = hour_of_day(local(YEAR, ZONES[zone].zone)).astype(int)
    return np.array([_factor(zone)[hour == each].mean() for each in range(24)])


def test_all_thermometers_of_a_city_hang_under_one_sky(tartu: dict[str, SimulatedDevice]) -> None:
    weather, thermometer = (tartu[name].read(YEAR)["outdoor_temperature"] for name in ("weather", "thermometer"))
    assert (weather == thermometer).all()


def test_the_weather_is_that_of_the_earth(tartu: dict[str, SimulatedDevice]) -> None:
    weather = tartu["weather"].read(YEAR)
    assert 4.0 < weather["outdoor_temperature"].mean() < 11.0
    assert 850.0 < weather["global_irradiance"].sum() / 1000.0 < 1100.0  # kWh/m2
    assert 3.5 < weather["wind_speed"].mean() < 5.5
    assert weather["wind_speed"].min() >= 0.0
    assert 70.0 < weather["relative_humidity"].mean() < 88.0
    assert 15.0 <= weather["relative_humidity"].min() < weather["relative_humidity"].max() <= 100.0
    by_hour = weather["relative_humidity"].reshape(-1, 24).mean(axis=0)
    afternoon, night = by_hour[12], by_hour[1]
    assert afternoon < night - 5.0


def test_the_factor_stands_for_an_hour(tartu: dict[str, SimulatedDevice]) -> None:
    quarters = tartu["grid"].read(YEAR[0] + np.arange(4 * 48) * 15 * MINUTE)["grid_emission_factor"].reshape(48, 4)
    assert (quarters == quarters[:, :1]).all()
    assert len(np.unique(quarters)) == 48


@pytest.mark.long
def test_estonia_emits_most_and_spain_dips_at_noon() -> None:
    assert _factor("EE").mean() > 1.5 * max(_factor("DK-DK1").mean(), _factor("ES").mean())
    assert _hours("ES")[12:16].mean() < 0.7 * _hours("ES")[19:22].mean()


def test_western_denmark_swings_with_the_wind_from_day_to_day() -> None:
    factor, wind = _factor("DK-DK1"), ZONES["DK-DK1"].at(YEAR).wind_speed
    assert np.corrcoef(factor, wind)[0, 1] < -0.6
    daily = factor.reshape(-1, 24).mean(axis=1)
    assert daily.std() > 0.3 * daily.mean()


def test_the_grid_is_renewable_where_it_emits_little_and_most_where_the_wind_blows() -> None:
    told = {zone: GridSignal(mix_of(zone), ZONES[zone]).at(YEAR) for zone in ZONES}
    share = {zone: one["grid_renewable_share"] for zone, one in told.items()}
    assert all(0.0 < one.min() < one.max() < 100.0 for one in share.values())
    assert share["DK-DK1"].mean() > max(share["EE"].mean(), share["ES"].mean())
    assert np.corrcoef(share["DK-DK1"], told["DK-DK1"]["grid_emission_factor"])[0, 1] < -0.9


def test_a_zone_nobody_described_has_a_plausible_factor_too() -> None:
    factor = GridSignal(mix_of("XX"), ZONES["EE"]).at(YEAR[:: 24 * 7])["grid_emission_factor"]
    assert 0.03 < factor.min() < factor.max() < 0.6


def test_the_clock_that_is_put_back_and_forward_leaves_no_step_in_time(tartu: dict[str, SimulatedDevice]) -> None:
    for night in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        times = to_micros(night) - 2 * HOUR + np.arange(24) * 15 * MINUTE
        assert abs(np.diff(tartu["weather"].read(times)["outdoor_temperature"])).max() < 1.0
        hourly = tartu["grid"].read(to_micros(night) + np.arange(0, DAY, HOUR))["grid_emission_factor"]
        assert len(np.unique(hourly)) == 24


@pytest.mark.reference_data
def test_yearly_levels_lie_near_the_published_ones(reference_data: Path) -> None:
    """Ember's averages, which the simulated zones are meant to resemble, within a third."""
    published = json.loads((reference_data / "factors" / "ember_average_intensities.json").read_text())
    for zone, country in (("EE", "EST"), ("DK-DK1", "DNK"), ("ES", "ESP")):
        expected = published[country]["emissions_intensity_gco2_per_kwh"] / 1000.0
        assert _factor(zone).mean() == pytest.approx(expected, rel=0.33)
