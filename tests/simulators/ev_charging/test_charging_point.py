"""Charging points count what they give: registers are integrals of power and never decrease, one vehicle at a time."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.city.assets import City
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros
from simulators.device import INSTALLED, SimulatedDevice
from simulators.errors import SimulationError
from simulators.ev_charging import devices as charging_points
from simulators.faults import FAULTS, afflict
from simulators.fleet import fleet
from simulators.transmitter import Transmitter
from simulators.weather import Climate
from tests.simulators.declared_units import in_units

POINTS = ("garage-0", "garage-7", "office-0", "square-1", "ring-road-0")
YEAR = to_micros(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(365 * 96) * 15 * MINUTE
SPRING, AUTUMN = (to_micros(datetime(2026, month, day, 1, tzinfo=UTC)) for month, day in ((3, 29), (10, 25)))


@pytest.mark.long
@settings(max_examples=min(40, settings().max_examples))
@given(
    name=st.sampled_from(POINTS),
    begin=st.integers(INSTALLED, INSTALLED + 800 * DAY),
    steps=st.lists(st.integers(1, 20 * HOUR), min_size=1, max_size=40),
)
def test_a_reading_is_the_same_alone_in_any_window_and_from_a_point_made_anew(
    points: dict[str, SimulatedDevice], charging_city: City, name: str, begin: int, steps: list[int]
) -> None:
    times = begin + np.cumsum(steps)
    window = points[name].read(times)
    anew = next(device for device in fleet(charging_city, seed=3) if device.name == name)
    alone = [anew.read(times[index : index + 1]) for index in range(len(times))]
    for quantity, column in window.items():
        assert column.tolist() == [each[quantity][0] for each in alone]


@pytest.mark.parametrize("name", POINTS)
def test_what_is_asked_in_one_year_does_not_depend_on_what_was_asked_of_later_ones(
    points: dict[str, SimulatedDevice], charging_city: City, name: str
) -> None:
    times = INSTALLED + 366 * DAY - np.arange(1000, 0, -1) * 15 * MINUTE  # until the last day of the first 366
    points[name].read(times + 800 * DAY)
    anew = next(device for device in fleet(charging_city, seed=3) if device.name == name)
    fresh = anew.read(times)
    assert all((column == fresh[quantity]).all() for quantity, column in points[name].read(times).items())
    assert fresh["charging_sessions"][-96] > fresh["charging_sessions"][0]


@pytest.mark.parametrize("name", POINTS)
def test_registers_never_decrease_and_gauges_stay_within_their_bounds(
    points: dict[str, SimulatedDevice], name: str
) -> None:
    readings = points[name].read(YEAR)
    assert np.diff(readings["electricity_energy"]).min() >= 0.0
    assert np.diff(readings["charging_sessions"]).min() >= 0.0
    assert set(readings["plugged_in"].tolist()) == {0.0, 1.0}
    assert readings["electricity_power"].min() == 0.0
    assert 3.0 < readings["electricity_power"].max() <= (60.0 if name.startswith("ring") else 22.0)
    assert not readings["electricity_power"][readings["plugged_in"] == 0.0].any()


@pytest.mark.parametrize("name", POINTS)
def test_the_register_counts_the_integral_of_the_power_in_whole_watt_hours(
    points: dict[str, SimulatedDevice], name: str
) -> None:
    step = 5 * SECOND
    edges = to_micros(datetime(2026, 2, 2, tzinfo=UTC)) + np.arange(5 * DAY // step + 1) * step
    energy = points[name].read(edges)["electricity_energy"]
    middle = points[name].read(edges[:-1] + step // 2)
    integral = middle["electricity_power"].cumsum() * step / HOUR
    assert energy[-1] - energy[0] > 1.0
    assert abs(energy[1:] - energy[0] - integral).max() < 0.001 + 1e-3 * (energy[-1] - energy[0])
    assert abs(energy * 1000 - np.round(energy * 1000)).max() < 1e-6


@pytest.mark.parametrize("name", POINTS)
def test_a_session_is_counted_when_the_vehicle_leaves(points: dict[str, SimulatedDevice], name: str) -> None:
    times = SPRING + np.arange(-10 * 24 * 60, 10 * 24 * 60) * MINUTE
    readings = points[name].read(times)
    left = np.diff(readings["plugged_in"]) < 0
    counted = np.diff(readings["charging_sessions"])
    assert left.sum() >= 5
    assert (counted[left] == 1.0).all()
    assert counted.sum() - left.sum() <= 1  # a stay of less than a minute may go unseen between two readings


def test_vehicles_at_home_stay_long_after_they_are_full(points: dict[str, SimulatedDevice]) -> None:
    readings = points["garage-0"].read(YEAR)
    assert readings["plugged_in"].sum() > 2 * (readings["electricity_power"] > 0.0).sum()


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_the_nights_when_the_clock_changes_are_nights_like_others(
    points: dict[str, SimulatedDevice], change: int
) -> None:
    times = change + np.arange(-20 * 60, 20 * 60) * MINUTE
    garage = [point.read(times) for name, point in points.items() if name.startswith("garage")]
    assert all(np.diff(each["electricity_energy"]).min() >= 0.0 for each in garage)
    assert any((each["plugged_in"][19 * 60 : 21 * 60] == 1.0).all() for each in garage)
    assert all(abs(np.diff(each["plugged_in"])).sum() <= 12 for each in garage)


def test_an_office_is_quiet_at_weekends_and_a_fast_charger_never_keeps_a_vehicle_long(
    points: dict[str, SimulatedDevice],
) -> None:
    office = points["office-0"].read(YEAR)["plugged_in"].reshape(-1, 96)
    weekend = np.arange(365) % 7 <= 1  # 1 November 2025 is a Saturday
    assert office[~weekend].mean() > 5 * office[weekend].mean()
    fast = points["ring-road-0"].read(np.array([YEAR[0], YEAR[-1]]))["charging_sessions"]
    occupied = points["ring-road-0"].read(YEAR)["plugged_in"].mean() * 365 * 24
    assert 0.2 < occupied / (fast[1] - fast[0]) < 1.0


def test_another_seed_and_another_name_are_other_sessions(
    charging_city: City, points: dict[str, SimulatedDevice]
) -> None:
    other = next(device for device in fleet(charging_city, seed=4) if device.name == "garage-0")
    columns = [device.read(YEAR)["plugged_in"] for device in (points["garage-0"], points["garage-1"], other)]
    assert not (columns[0] == columns[1]).all()
    assert not (columns[0] == columns[2]).all()


def test_values_are_in_the_units_of_the_city_file(charging_city: City, points: dict[str, SimulatedDevice]) -> None:
    units = {"electricity_energy": "MWh", "electricity_power": "W"}
    anew = {device.name: device for device in fleet(in_units(charging_city, "office-0", units), seed=3)}
    said, meant = (each["office-0"].read(YEAR) for each in (anew, points))
    np.testing.assert_allclose(said["electricity_energy"] * 1000.0, meant["electricity_energy"], rtol=1e-6)
    np.testing.assert_allclose(said["electricity_power"] / 1000.0, meant["electricity_power"], rtol=1e-6)


def test_nothing_was_charged_before_the_installation(points: dict[str, SimulatedDevice]) -> None:
    with pytest.raises(SimulationError, match="2024-12-31T23:59:59"):
        points["garage-0"].read(np.array([INSTALLED - SECOND]))
    first = points["garage-0"].read(np.array([INSTALLED]))
    assert {name: column.tolist() for name, column in first.items()} == {name: [0.0] for name in first}


def test_a_device_that_is_no_charging_point_is_refused(charging_city: City) -> None:
    strange = charging_city.devices[0].model_copy(update={"type": "battery"})
    with pytest.raises(SimulationError, match="nothing simulates a battery"):
        charging_points(charging_city.model_copy(update={"devices": (strange,)}), Climate(58.4, 26.7), 1)


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"spike"}))  # a point has nothing that cannot jump
def test_every_fault_can_befall_a_charging_point(points: dict[str, SimulatedDevice], fault: str) -> None:
    times = SPRING + np.arange(96) * 15 * MINUTE
    point = points["ring-road-0"]
    faults = afflict([f"{fault}:{point.name}"], [point], 3, SPRING)[point.name]
    healthy, faulty = (
        [Transmitter(point, each).transmit(times[at : at + 1]) for at in range(96)] for each in ([], faults)
    )
    assert healthy != faulty
