"""The sun stands where astronomy puts it, clouds dim it, and roofs see more of it than the ground does."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from astral import Observer
from astral.sun import elevation

from ingest.model.sun import sun
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from simulators.insolation import irradiance
from simulators.noise import FloatColumn, IntColumn
from simulators.weather import Climate

NORTH, SOUTH = Climate(latitude=54.9, longitude=9.8), Climate(latitude=-33.0, longitude=-71.0)
START = to_micros(datetime(2025, 1, 1, tzinfo=UTC))
YEAR = START + np.arange(365 * 96) * 15 * MINUTE


@pytest.mark.parametrize("place", [NORTH, SOUTH])
def test_the_sun_is_where_astral_puts_it(place: Climate) -> None:
    times = START + np.arange(0, 365 * DAY, 5 * DAY + 5 * HOUR + 7 * MINUTE)
    height = np.degrees(np.arcsin(sun(times, place.longitude).height(place.latitude)))
    observer = Observer(place.latitude, place.longitude)
    expected = [elevation(observer, from_micros(int(each)), with_refraction=False) for each in times]
    assert height == pytest.approx(expected, abs=0.01)


def test_nights_are_dark_and_no_cloud_adds_light() -> None:
    light = irradiance(3, NORTH, YEAR)
    height = light.sun.height(NORTH.latitude)
    assert light.total[height <= 0.0].max() == 0.0
    assert light.total.min() >= 0.0
    assert (light.diffuse <= light.total).all()
    assert light.total.max() < 1000.0


def test_a_roof_faces_the_equator_on_both_halves_of_the_earth() -> None:
    for place in (NORTH, SOUTH):
        light = irradiance(3, place, YEAR)
        assert 1.02 < light.on_roof(30.0).mean() / light.total.mean() < 1.25
        np.testing.assert_allclose(light.on_roof(0.0), light.total, rtol=1e-9, atol=60.0)


def test_a_value_does_not_depend_on_what_else_was_asked_for() -> None:
    chosen = YEAR[[40, 5000, 20_001]]
    alone = np.array([irradiance(3, NORTH, chosen[index : index + 1]).total[0] for index in range(3)])
    assert alone == pytest.approx(irradiance(3, NORTH, YEAR).total[[40, 5000, 20_001]], abs=0)


@pytest.mark.long
@pytest.mark.reference_data
def test_a_simulated_year_of_sun_resembles_a_typical_one(reference_data: Path) -> None:
    """PVGIS, typical meteorological year at 45N 8E: sum, share from the whole sky, months, hours of June."""
    times, total, diffuse = _typical_year(reference_data / "weather" / "pvgis_tmy_45.000_8.000.csv")
    light = irradiance(1, Climate(latitude=45.0, longitude=8.0), YEAR)
    assert light.total.mean() == pytest.approx(total.mean(), rel=0.08)
    assert light.diffuse.mean() == pytest.approx(diffuse.mean(), rel=0.2)
    simulated, typical = _months(YEAR, light.total), _months(times, total)
    assert np.corrcoef(simulated, typical)[0, 1] > 0.95
    assert simulated[5] / simulated[11] == pytest.approx(typical[5] / typical[11], rel=0.35)
    assert np.corrcoef(_hours_of_june(YEAR, light.total), _hours_of_june(times, total))[0, 1] > 0.98


def _typical_year(path: Path) -> tuple[IntColumn, FloatColumn, FloatColumn]:
    rows = [line.split(",") for line in path.read_text().splitlines() if ":" in line[:14] and line[:2] in {"19", "20"}]
    stamps = [datetime.strptime(row[0], "%Y%m%d:%H%M").replace(year=2025, tzinfo=UTC) for row in rows]
    values = np.array([[float(row[3]), float(row[5])] for row in rows])
    return np.array([to_micros(stamp) for stamp in stamps]), values[:, 0], values[:, 1]


def _months(times: IntColumn, values: FloatColumn) -> FloatColumn:
    month = times.astype("datetime64[us]").astype("datetime64[M]").astype(int) % 12
    return np.array([values[month == each].mean() for each in range(12)])


def _hours_of_june(times: IntColumn, values: FloatColumn) -> FloatColumn:
    month = times.astype("datetime64[us]").astype("datetime64[M]").astype(int) % 12
    hour = times // HOUR % 24
    return np.array([values[(month == 5) & (hour == each)].mean() for each in range(24)])
