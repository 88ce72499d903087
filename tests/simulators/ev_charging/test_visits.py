"""Vehicles come and go by the clock on the wall, one at a time, and at home as they did in Trondheim."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ingest.model.time import HOUR
from simulators.civil_clock import hour_of_day, local
from simulators.device import INSTALLED
from simulators.ev_charging.charging_point import ChargingPoint
from simulators.ev_charging.venues import HOME
from simulators.ev_charging.visits import Habits
from simulators.noise import FloatColumn, IntColumn, derive
from simulators.weather import Climate

pytestmark = pytest.mark.long

TARTU, TRONDHEIM, SANTIAGO = Climate(58.4, 26.7), Climate(63.4, 10.4), Climate(-33.4, -70.6)


def _point(number: int, zone: str, climate: Climate) -> ChargingPoint:
    return ChargingPoint(Habits(HOME, HOME.rated_power, zone, climate, 1, derive(5, f"point-{number}")))


def _stays(point: ChargingPoint) -> tuple[IntColumn, IntColumn]:
    sessions = point._sessions(2)
    return sessions.begin, sessions.end


def test_vehicles_come_and_go_by_the_clock_on_the_wall_all_year() -> None:
    begin, end = (
        np.concatenate(each)
        for each in zip(*(_stays(_point(number, "Europe/Tallinn", TARTU)) for number in range(40)), strict=True)
    )
    summer = np.isin(begin.astype("datetime64[us]").astype("datetime64[M]").astype(int) % 12 + 1, (5, 6, 7, 8))
    for instants, low, high in ((begin, 14.0, 19.0), (end, 5.0, 10.0)):
        hour = hour_of_day(local(instants, "Europe/Tallinn"))
        rush = (hour > low) & (hour < high)
        assert abs(np.median(hour[rush & summer]) - np.median(hour[rush & ~summer])) < 0.3


def test_no_vehicle_comes_before_the_one_before_has_left() -> None:
    for number in range(20):
        begin, end = _stays(_point(number, "America/Santiago", SANTIAGO))
        assert (begin[1:] >= end[:-1]).all()
        assert (end > begin).all()
        assert begin[0] >= INSTALLED


@pytest.mark.reference_data
def test_homes_resemble_the_private_points_of_trondheim(reference_data: Path) -> None:
    """5,466 sessions of 56 users (Sørensen et al. 2021): when they plug in, for how long, and how much they take."""
    real = pl.read_csv(
        reference_data / "ev_charging" / "trondheim_sessions_2018_2020.csv",
        separator=";",
        decimal_comma=True,
        null_values="NA",
    ).filter(pl.col("User_type") == "Private")
    points = [_point(number, "Europe/Oslo", TRONDHEIM) for number in range(60)]
    begin, end = (np.concatenate(each) for each in zip(*map(_stays, points), strict=True))
    energy = np.concatenate([np.diff(point._sessions(2).before) for point in points])
    hours = np.floor(hour_of_day(local(begin, "Europe/Oslo")))
    assert _distance(hours, real["Start_plugin_hour"].cast(pl.Float64).to_numpy()) < 0.8
    assert _distance((end - begin) / HOUR, real["Duration_hours"].drop_nulls().to_numpy()) < 2.0
    assert _distance(energy, real["El_kWh"].to_numpy()) < 1.5
    assert np.median(energy) == pytest.approx(real["El_kWh"].median(), rel=0.15)
    assert np.median((end - begin) / HOUR) == pytest.approx(real["Duration_hours"].median(), rel=0.15)


def _distance(first: FloatColumn, second: FloatColumn) -> float:
    """Return the Wasserstein distance of two samples, by their quantiles."""
    shares = (np.arange(1000) + 0.5) / 1000
    return float(abs(np.quantile(first, shares) - np.quantile(second, shares)).mean())
