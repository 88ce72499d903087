"""The air of rooms: people exhale, ventilation carries away, and no reading depends on what else was asked for."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.buildings.indoor_climate import OUTDOORS, IndoorClimateSensor, room_of
from simulators.device import INSTALLED, Readings
from simulators.noise import FloatColumn, IntColumn
from simulators.place import Place
from simulators.premises.kinds import BLOCK, KINDS, OFFICE, SCHOOL, BuildingKind
from simulators.weather import Climate

PLACE = Place("Europe/Copenhagen", Climate(54.9, 9.8), 4)
MONDAY = to_micros(datetime(2026, 1, 12, tzinfo=UTC)) - HOUR  # midnight in Copenhagen
EVERY_THIRD_DAY = (to_micros(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(365 * 24) * HOUR).reshape(365, 24)[::3]


def _sensor(kind: BuildingKind, said: str = "room") -> IndoorClimateSensor:
    return IndoorClimateSensor(room_of(kind, said, PLACE, seed=11))


def _week(kind: BuildingKind) -> FloatColumn:
    return _sensor(kind).at(MONDAY + np.arange(7 * 24) * HOUR)["co2_concentration"].reshape(7, 24)


def test_classrooms_fill_with_carbon_dioxide_while_there_are_lessons() -> None:
    week = _week(SCHOOL)
    assert week[:5, 9:14].mean() > week[:5, 2:7].mean() + 150.0
    assert week[5:, 12:].max() < 500.0


def test_bedrooms_fill_at_night() -> None:
    week = _week(BLOCK)
    assert week[:, 3:6].mean() > week[:, 12:16].mean() + 80.0


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_rooms_stay_fit_to_live_in(kind: BuildingKind) -> None:
    air: Readings = _sensor(kind).at(EVERY_THIRD_DAY.ravel())  # of a year: each day of the week in each season
    assert air["co2_concentration"].min() >= OUTDOORS
    assert air["co2_concentration"].max() < 2500.0
    assert air["indoor_temperature"].min() > 16.0
    assert air["indoor_temperature"].max() < 30.0
    assert 8.0 <= air["relative_humidity"].min() < air["relative_humidity"].max() < 90.0
    days = air["relative_humidity"].reshape(EVERY_THIRD_DAY.shape)
    winter, summer = days[14:35].mean(), days[80:97].mean()
    assert winter < summer - 8.0


def test_a_store_room_stays_near_outdoor_air() -> None:
    times = MONDAY + np.arange(5 * 24) * HOUR
    quiet, busy = (_sensor(OFFICE, said).at(times)["co2_concentration"] for said in ("Archive", "Open-plan office"))
    assert (quiet - OUTDOORS).mean() < 0.2 * (busy - OUTDOORS).mean()


@pytest.mark.long
def test_a_reading_is_the_same_alone_and_in_any_window() -> None:
    times: IntColumn = MONDAY - 3 * HOUR + np.arange(200) * 13 * MINUTE
    window = _sensor(SCHOOL).at(times)
    alone = [_sensor(SCHOOL).at(times[index : index + 1]) for index in range(len(times))]
    for name, column in window.items():
        assert column.tolist() == [reading[name][0] for reading in alone]


@pytest.mark.long
def test_midnight_leaves_no_step() -> None:
    midnights = INSTALLED + np.arange(300, 400) * DAY
    before, after = (_sensor(BLOCK).at(midnights + shift) for shift in (-1, 0))
    assert abs(before["co2_concentration"] - after["co2_concentration"]).max() < 3.0
    assert abs(before["indoor_temperature"] - after["indoor_temperature"]).max() < 0.02


def test_what_nobody_exhales_any_more_decays_at_the_pace_of_the_air_change() -> None:
    times = MONDAY + 4 * DAY + np.array([21, 22, 23]) * HOUR  # Friday night: the ventilation stands still
    above = _sensor(SCHOOL).at(times)["co2_concentration"] - OUTDOORS
    assert above[1:] / above[:-1] == pytest.approx(np.exp(-0.35), rel=0.02)


@pytest.mark.reference_data
def test_a_simulated_office_resembles_a_real_one(reference_data: Path) -> None:
    """Minute readings of an office, UCI Occupancy Detection, February 2015: quiet and occupied levels of its air."""
    lines = (reference_data / "buildings" / "uci_occupancy_datatraining.csv").read_text().splitlines()[1:]
    rows = pl.DataFrame([line.replace('"', "").split(",")[2:] for line in lines], orient="row").cast(pl.Float64)
    warmth, _, _, carbon_dioxide, _, occupied = rows.to_numpy().T
    weekdays = MONDAY + np.arange(5 * 96) * 15 * MINUTE
    air, hour = _sensor(OFFICE).at(weekdays), np.arange(5 * 96) // 4 % 24
    day, night = (hour >= 10) & (hour < 16), hour < 5
    quiet = np.quantile(carbon_dioxide[occupied == 0], 0.25)
    assert air["co2_concentration"][night].mean() == pytest.approx(quiet, abs=60.0)
    assert quiet + 100 < air["co2_concentration"][day].mean() < np.quantile(carbon_dioxide[occupied == 1], 0.9)
    assert air["indoor_temperature"].mean() == pytest.approx(warmth.mean(), abs=1.5)
