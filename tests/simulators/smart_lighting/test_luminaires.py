"""Luminaires and cabinets count exactly what they take, whatever instants are asked for."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.city.assets import City
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros
from simulators.device import INSTALLED, SimulatedDevice
from simulators.errors import SimulationError
from simulators.faults import FAULTS, afflict
from simulators.fleet import fleet
from simulators.smart_lighting import devices as lighting
from simulators.smart_lighting.luminaires import CABINET
from simulators.transmitter import Transmitter
from simulators.weather import Climate
from tests.simulators.declared_units import in_units

LAMPS = ("north-1", "south-2", "park-1")
CABINETS = ("cabinet-north", "cabinet-south")
FED = {"cabinet-north": ("north-1", "north-2", "north-3"), "cabinet-south": ("south-1", "south-2")}
JANUARY, SPRING = (to_micros(datetime(2026, month, day, tzinfo=UTC)) for month, day in ((1, 14), (3, 28)))
YEAR = to_micros(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(365 * 96) * 15 * MINUTE


@given(
    name=st.sampled_from(LAMPS + CABINETS),
    begin=st.integers(INSTALLED, INSTALLED + 800 * DAY),
    steps=st.lists(st.integers(1, 20 * HOUR), min_size=1, max_size=40),
)
def test_a_reading_is_the_same_alone_and_in_any_window(
    lamps: dict[str, SimulatedDevice], name: str, begin: int, steps: list[int]
) -> None:
    times = begin + np.cumsum(steps)
    window = lamps[name].read(times)
    alone = [lamps[name].read(times[index : index + 1]) for index in range(len(times))]
    for quantity, column in window.items():
        assert column.tolist() == [each[quantity][0] for each in alone]


def test_a_lamp_that_was_asked_about_the_future_says_the_same_of_the_past(
    lit_city: City, lamps: dict[str, SimulatedDevice]
) -> None:
    anew = {device.name: device for device in fleet(lit_city, seed=3)}
    for name in LAMPS + CABINETS:
        lamps[name].read(YEAR[-1:] + 900 * DAY)
        fresh = anew[name].read(YEAR[:2000])
        assert all((column == fresh[quantity]).all() for quantity, column in lamps[name].read(YEAR[:2000]).items())


@pytest.mark.parametrize("name", LAMPS)
def test_registers_are_the_integrals_of_power_and_of_being_lit(lamps: dict[str, SimulatedDevice], name: str) -> None:
    step = 5 * SECOND
    edges = SPRING + np.arange(3 * DAY // step + 1) * step  # the clock is put forward in the second night
    registers, middle = lamps[name].read(edges), lamps[name].read(edges[:-1] + step // 2)
    for register, rate, unit in (
        ("electricity_energy", middle["electricity_power"], 0.001),
        ("burning_hours", middle["dimming_level"] > 0.0, 0.0),
    ):
        counted = registers[register][1:] - registers[register][0]
        assert counted[-1] > 0.2
        assert abs(counted - rate.cumsum() * step / HOUR).max() < unit + 12 * step / HOUR * rate.max()


@pytest.mark.parametrize("name", LAMPS + CABINETS)
def test_registers_never_decrease_and_count_whole_watt_hours(lamps: dict[str, SimulatedDevice], name: str) -> None:
    readings = lamps[name].read(YEAR)
    for register in lamps[name].registers:
        assert np.diff(readings[register]).min() >= 0.0
    energy = readings["electricity_energy"] * 1000.0
    assert abs(energy - np.round(energy)).max() < 1e-6


@pytest.mark.parametrize("cabinet", CABINETS)
def test_a_cabinet_takes_what_its_luminaires_and_its_controls_take(
    lamps: dict[str, SimulatedDevice], cabinet: str
) -> None:
    measured, fed = lamps[cabinet].read(YEAR), [lamps[name].read(YEAR) for name in FED[cabinet]]
    power = sum(each["electricity_power"] for each in fed) + CABINET
    energy = sum(each["electricity_energy"] for each in fed) + CABINET * (YEAR - INSTALLED) / HOUR
    assert abs(measured["electricity_power"] - power).max() < 1e-9
    assert abs(measured["electricity_energy"] - energy).max() < 0.001 * (len(fed) + 1)


def test_lamps_of_a_cabinet_switch_together_and_lamps_of_another_do_not(lamps: dict[str, SimulatedDevice]) -> None:
    times = JANUARY + np.arange(DAY // SECOND) * SECOND
    first, second, other = (
        lamps[name].read(times)["dimming_level"] > 0.0 for name in ("north-1", "north-2", "south-1")
    )
    assert (first == second).all()
    assert 0 < (first != other).sum() < 6 * 60


def test_power_follows_the_level_and_the_declared_wattage(lamps: dict[str, SimulatedDevice]) -> None:
    readings = lamps["north-1"].read(YEAR)
    level, power = readings["dimming_level"], readings["electricity_power"]
    assert set(level.tolist()) == {0.0, 50.0, 100.0}
    assert power[level == 100.0].max() == pytest.approx(0.045, rel=0.055)
    assert 0.5 < power[level == 50.0].max() / power[level == 100.0].max() < 0.6
    assert 0.0 < power[level == 0.0].max() < 0.001


def test_another_seed_is_another_sky_and_other_lamps(lit_city: City, lamps: dict[str, SimulatedDevice]) -> None:
    other = {device.name: device for device in fleet(lit_city, seed=4)}["north-1"]
    mine, others, neighbours = (each.read(YEAR[-1:]) for each in (lamps["north-1"], other, lamps["north-2"]))
    assert mine["burning_hours"] != others["burning_hours"]
    assert mine["electricity_energy"] != others["electricity_energy"]
    assert mine["electricity_energy"] != neighbours["electricity_energy"]


def test_values_are_in_the_units_of_the_city_file(lit_city: City, lamps: dict[str, SimulatedDevice]) -> None:
    units = {"electricity_energy": "Wh", "electricity_power": "W"}
    anew = {device.name: device for device in fleet(in_units(lit_city, "south-1", units), seed=3)}
    said, meant = (each["south-1"].read(YEAR) for each in (anew, lamps))
    np.testing.assert_allclose(said["electricity_energy"] / 1000.0, meant["electricity_energy"], rtol=1e-6)
    np.testing.assert_allclose(said["electricity_power"] / 1000.0, meant["electricity_power"], rtol=1e-6)


def test_nothing_burnt_before_the_installation(lamps: dict[str, SimulatedDevice]) -> None:
    with pytest.raises(SimulationError, match="2024-12-31T23:59:59"):
        lamps["north-1"].read(np.array([INSTALLED - SECOND]))
    first = lamps["north-1"].read(np.array([INSTALLED]))
    assert first["electricity_energy"].tolist() == first["burning_hours"].tolist() == [0.0]


def test_a_device_that_is_neither_luminaire_nor_cabinet_is_refused(lit_city: City) -> None:
    strange = lit_city.devices[0].model_copy(update={"type": "traffic_light"})
    with pytest.raises(SimulationError, match="nothing simulates a traffic_light"):
        lighting(lit_city.model_copy(update={"devices": (strange,)}), Climate(54.9, 9.8), 1)


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"spike", "faulted"}))  # nothing of them can have these
@pytest.mark.parametrize("name", ["north-1", "cabinet-south"])
def test_every_fault_can_befall_a_lamp_and_a_cabinet(lamps: dict[str, SimulatedDevice], name: str, fault: str) -> None:
    times = JANUARY + np.arange(96) * 15 * MINUTE
    faults = afflict([f"{fault}:{name}"], [lamps[name]], 3, JANUARY)[name]
    healthy, faulty = (
        [Transmitter(lamps[name], each).transmit(times[at : at + 1]) for at in range(96)] for each in ([], faults)
    )
    assert healthy != faulty
