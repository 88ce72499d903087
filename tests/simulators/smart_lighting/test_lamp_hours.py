"""Lamps burn from dusk to dawn of the real sun and are dimmed by the clock on the wall."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from astral import Observer
from astral.sun import dawn, dusk, sunrise, sunset

from ingest.model.time import DAY, MINUTE, to_micros
from simulators.civil_clock import hour_of_day, local
from simulators.device import INSTALLED
from simulators.noise import FloatColumn
from simulators.smart_lighting import PHOTOCELLS
from simulators.smart_lighting.lamp_hours import Programme
from simulators.smart_lighting.streets import STREETS
from simulators.weather import Climate

STREET = next(street for street in STREETS if street.name == "residential street")
YEAR_DAYS = 365


def _programme(latitude: float, longitude: float, zone: str, reluctance: int = 0, sky: int = 1) -> Programme:
    return Programme(STREET, zone, Climate(latitude, longitude), sky, reluctance)


@pytest.mark.parametrize("reluctance", [-PHOTOCELLS, 0, PHOTOCELLS])
@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(54.9, 9.8, "Europe/Copenhagen"), (42.8, -2.7, "Europe/Madrid"), (58.4, 26.7, "Europe/Tallinn")],
)
def test_lamps_burn_about_4000_to_4200_hours_a_year(
    latitude: float, longitude: float, zone: str, reluctance: int
) -> None:
    state = _programme(latitude, longitude, zone, reluctance).at(INSTALLED + np.array([0, YEAR_DAYS * DAY]))
    assert 4000.0 < state.burning_hours[1] < 4200.0
    assert 0.6 < state.full_hours[1] / state.burning_hours[1] < 0.9


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(54.9, 9.8, "Europe/Copenhagen"), (42.8, -2.7, "Europe/Madrid"), (-36.8, 174.8, "Pacific/Auckland"),
     (21.3, -157.9, "Pacific/Honolulu"),
     (52.3, 104.3, "Asia/Irkutsk")],
)  # fmt: skip
def test_lamps_are_off_at_sunset_and_sunrise_and_on_at_civil_dusk_and_dawn(
    latitude: float, longitude: float, zone: str
) -> None:
    programme = _programme(latitude, longitude, zone)
    for event, lit in ((sunset, False), (sunrise, False), (dusk, True), (dawn, True)):
        times = np.array(list(_instants(event, latitude, longitude)))
        assert len(times) > YEAR_DAYS - 5
        assert ((programme.at(times).level > 0.0) == lit).all()


def _instants(event: Callable[..., datetime], latitude: float, longitude: float) -> Iterator[int]:
    """Yield when astral says that an event is; on a few dates far from Greenwich it finds none."""
    solar = timezone(timedelta(hours=longitude / 15.0))
    for day in range(YEAR_DAYS):
        with suppress(ValueError):
            found = event(Observer(latitude, longitude), date(2025, 2, 1) + timedelta(days=day), tzinfo=solar)
            yield to_micros(found)


def test_clouds_make_the_evening_earlier_but_never_by_much() -> None:
    times = INSTALLED + np.arange(YEAR_DAYS * 24 * 60) * MINUTE
    levels = [_programme(54.9, 9.8, "Europe/Copenhagen", sky=sky).at(times).level > 0.0 for sky in (1, 2)]
    differing = (levels[0] != levels[1]).reshape(YEAR_DAYS, -1).sum(axis=1)
    assert differing.mean() > 1.0
    assert differing.max() <= 20


def test_the_midnight_sun_burns_no_lamp_and_the_polar_night_all_day() -> None:
    svalbard = _programme(78.2, 15.6, "Arctic/Longyearbyen")
    june, december = (
        to_micros(datetime(2026, month, 10, tzinfo=UTC)) + np.arange(96) * 15 * MINUTE for month in (6, 12)
    )
    assert not svalbard.at(june).level.any()
    assert svalbard.at(december).level.all()
    assert not svalbard.at(np.array([INSTALLED])).burning_hours.any()
    assert svalbard.at(INSTALLED + np.array([10 * DAY])).burning_hours == pytest.approx(240.0)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (datetime(2026, 1, 14, 12, tzinfo=UTC), "Europe/Copenhagen", 6.0),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Copenhagen", 5.0),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "Europe/Copenhagen", 7.0),
        (datetime(2026, 10, 3, 2, tzinfo=UTC), "Australia/Lord_Howe", 5.5),
        (datetime(2026, 1, 14, 9, tzinfo=UTC), "Asia/Kathmandu", 6.0),
    ],
)
def test_the_dimmed_night_is_from_23_to_5_oclock_on_the_wall(day: datetime, zone: str, hours: float) -> None:
    latitude, longitude = {"Australia/Lord_Howe": (-31.6, 159.1), "Asia/Kathmandu": (27.7, 85.3)}.get(zone, (54.9, 9.8))
    times = to_micros(day) + np.arange(24 * 60) * MINUTE
    is_dimmed = _programme(latitude, longitude, zone).at(times).level == 50.0
    hour = hour_of_day(local(times, zone))
    assert is_dimmed.sum() / 60 == hours
    assert (is_dimmed == ((hour >= 23.0) | (hour < 5.0))).all()


def test_hours_are_the_integral_of_the_level() -> None:
    programme = _programme(54.9, 9.8, "Europe/Copenhagen")
    edges = to_micros(datetime(2026, 10, 20, tzinfo=UTC)) + np.arange(10 * 24 * 60 + 1) * MINUTE
    level = programme.at(edges[:-1] + 30 * 1_000_000).level
    state = programme.at(edges)
    assert _counted(state.burning_hours) == pytest.approx((level > 0.0).sum() / 60, abs=20 / 60)
    assert _counted(state.full_hours) == pytest.approx(level.sum() / 6000, abs=20 / 60)


def _counted(register: FloatColumn) -> float:
    return float(register[-1] - register[0])
