"""Heat meters obey physics: registers are integrals, agree with each other and with the gauges, and never decrease."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.city import city_file
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, to_micros
from simulators.device import INSTALLED, SimulatedDevice
from simulators.errors import SimulationError
from simulators.fleet import fleet
from simulators.noise import FloatColumn, IntColumn

REGISTERS = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")
SHARED = {
    device.name: device
    for device in fleet(city_file.load(Path(__file__).parents[3] / "deploy" / "cities" / "demo.yaml"), seed=7)
}
METERS = sorted(name for name in SHARED if name.startswith("meter-"))


def _month(times: IntColumn) -> IntColumn:
    return np.asarray(times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) % 12 + 1)


@settings(max_examples=min(30, settings().max_examples))
@given(
    st.sampled_from(METERS),
    st.integers(INSTALLED, INSTALLED + 600 * DAY),
    st.lists(st.integers(1, 5 * HOUR), min_size=1, max_size=40),
)
def test_a_reading_is_the_same_alone_and_in_any_window(name: str, begin: int, steps: list[int]) -> None:
    times = begin + np.cumsum(steps)
    window = SHARED[name].read(times)
    alone = [SHARED[name].read(times[index : index + 1]) for index in range(len(times))]
    for quantity, column in window.items():
        assert column.tolist() == [each[quantity][0] for each in alone]


def test_a_meter_made_anew_says_the_same(devices: dict[str, SimulatedDevice], winter_day: IntColumn) -> None:
    used, fresh = devices["meter-house-01"], SHARED["meter-house-01"]
    used.read(winter_day + 200 * DAY)
    assert all((used.read(winter_day)[name] == fresh.read(winter_day)[name]).all() for name in REGISTERS)


@pytest.mark.parametrize("name", METERS)
def test_registers_never_decrease(name: str, devices: dict[str, SimulatedDevice], year: IntColumn) -> None:
    readings = devices[name].read(year[::3])
    assert all((np.diff(readings[register]) > 0).all() for register in REGISTERS)


def test_registers_grow_from_one_second_to_the_next_across_cells_and_days(devices: dict[str, SimulatedDevice]) -> None:
    midnight = to_micros(datetime(2026, 1, 16, tzinfo=UTC))
    readings = devices["meter-block-01"].read(midnight + np.arange(-1000, 1000) * SECOND)
    for register in REGISTERS:
        growth = np.diff(readings[register])
        assert growth.min() > 0
        assert abs(np.diff(growth)).max() < 0.02 * growth.mean()


@pytest.mark.parametrize("name", METERS)
def test_energy_is_volume_times_temperature_drop(
    name: str, devices: dict[str, SimulatedDevice], year: IntColumn
) -> None:
    energy, volume, e8, e9 = (np.diff(devices[name].read(year[::24])[register]) for register in REGISTERS)
    supply, back = e8 / volume, e9 / volume
    factor = energy / (volume * (supply - back))
    assert abs(factor / 1.1325 - 1.0).max() < 0.01
    assert supply.min() > 50.0
    assert supply.max() < 95.0
    assert (supply - back).min() > 8.0 - 1e-6
    assert back.min() > 20.0


def test_registers_are_the_integrals_of_the_gauges(devices: dict[str, SimulatedDevice]) -> None:
    times = to_micros(datetime(2026, 2, 3, tzinfo=UTC)) + np.arange(24 * 60 * 6 + 1) * 10 * SECOND
    readings = devices["meter-school-01"].read(times)
    for register, rate in (("heat_energy", readings["heat_power"]), ("volume", readings["flow"])):
        integral = ((rate[1:] + rate[:-1]) / 2 / 360).sum()
        assert integral == pytest.approx(readings[register][-1] - readings[register][0], rel=1e-6)


@pytest.mark.parametrize("name", METERS)
def test_winter_takes_more_than_summer(name: str, devices: dict[str, SimulatedDevice], year: IntColumn) -> None:
    power, month = devices[name].read(year)["heat_power"], _month(year)
    assert power[np.isin(month, (12, 1, 2))].mean() > 3.0 * power[np.isin(month, (6, 7, 8))].mean()
    assert power.min() > 0.0


def test_a_school_is_quiet_at_night_and_at_weekends(devices: dict[str, SimulatedDevice]) -> None:
    monday = to_micros(datetime(2026, 1, 12, tzinfo=UTC)) - HOUR  # midnight in Copenhagen
    power = (
        devices["meter-school-01"].read(monday + np.arange(7 * 24) * HOUR + 30 * MINUTE)["heat_power"].reshape(7, 24)
    )
    assert power[:5, 8:16].mean() > 1.3 * power[:5, :4].mean()
    assert power[:5, 8:16].mean() > 1.3 * power[5:, 8:16].mean()


def test_nothing_was_measured_before_the_meter_was_installed(devices: dict[str, SimulatedDevice]) -> None:
    with pytest.raises(SimulationError, match="2024-12-31T23:59:59"):
        devices["meter-house-01"].read(np.array([INSTALLED - SECOND]))
    assert devices["meter-house-01"].read(np.array([INSTALLED]))["heat_energy"].tolist() == [0.0]


@pytest.mark.reference_data
def test_a_simulated_house_resembles_a_real_one(
    devices: dict[str, SimulatedDevice], year: IntColumn, reference_data: Path
) -> None:
    """The house of Schaffer et al. 2022: about 17 MWh a year, ten times more in winter than in summer, a flat day."""
    real = pl.read_csv(reference_data / "district_heating" / "heat_meter_660_hourly_2018_2019.csv")
    times = real["time_rounded"].str.to_datetime(time_zone="UTC", time_unit="us").to_physical().to_numpy()
    measured = _shape(times[1:], np.diff(real["energy_heat_kwh"].to_numpy()))
    simulated = _shape(year, devices["meter-house-01"].read(year)["heat_power"])
    assert simulated["mean"] == pytest.approx(measured["mean"], rel=0.35)
    assert simulated["winter to summer"] == pytest.approx(measured["winter to summer"], rel=0.4)
    assert simulated["winter peak hour"] == pytest.approx(measured["winter peak hour"], rel=0.2)
    assert simulated["winter night"] == pytest.approx(measured["winter night"], rel=0.15)


def _shape(times: IntColumn, power: FloatColumn) -> dict[str, float]:
    month, hour = _month(times), (times // HOUR + 1) % 24
    winter, summer = np.isin(month, (12, 1, 2)), np.isin(month, (6, 7, 8))
    by_hour = np.array([power[winter & (hour == each)].mean() for each in range(24)]) / power[winter].mean()
    return {
        "mean": float(power.mean()),
        "winter to summer": float(power[winter].mean() / power[summer].mean()),
        "winter peak hour": float(by_hour.max()),
        "winter night": float(by_hour[:5].mean()),
    }
