"""Weather is reproducible for any window, and colder when it should be."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.time import DAY, HOUR, MINUTE, to_micros
from simulators.noise import FloatColumn, IntColumn
from simulators.weather import Climate, daily_mean, outdoor_temperature

DENMARK = Climate(latitude=54.9, longitude=9.8)
START = to_micros(datetime(2025, 1, 1, tzinfo=UTC))
YEARS = np.arange(START, START + 6 * 365 * DAY, HOUR)


def _months(times: IntColumn, temperature: FloatColumn, *months: int) -> FloatColumn:
    month = times.astype("datetime64[us]").astype("datetime64[M]").astype(int) % 12 + 1
    return temperature[np.isin(month, months)]


@given(st.integers(0, 2**63), st.integers(START, START + 700 * DAY), st.integers(1, 200), st.integers(0, 199))
def test_a_temperature_does_not_depend_on_the_window_asked_for(seed: int, begin: int, length: int, at: int) -> None:
    window = begin + np.arange(length) * 7 * MINUTE
    instant = window[at % length : at % length + 1]
    inside = outdoor_temperature(seed, DENMARK, window)[at % length]
    assert inside == outdoor_temperature(seed, DENMARK, instant)[0]


def test_another_seed_is_another_weather() -> None:
    first, second = (outdoor_temperature(seed, DENMARK, YEARS[:5000]) for seed in (1, 2))
    assert abs(first - second).mean() > 2.0


def test_years_are_those_of_southern_denmark() -> None:
    temperature = outdoor_temperature(1, DENMARK, YEARS)
    assert 7.5 < temperature.mean() < 10.5
    assert -1.5 < _months(YEARS, temperature, 1, 2).mean() < 4.0
    assert 15.0 < _months(YEARS, temperature, 7, 8).mean() < 19.0
    assert temperature.min() > -20.0
    assert temperature.max() < 36.0


def test_the_south_has_its_winter_in_july() -> None:
    temperature = outdoor_temperature(1, Climate(latitude=-42.9, longitude=147.3), YEARS)
    assert _months(YEARS, temperature, 7).mean() < _months(YEARS, temperature, 1).mean() - 8.0


def test_afternoons_are_warmer_than_nights_and_more_so_in_summer() -> None:
    swing = outdoor_temperature(1, DENMARK, YEARS) - daily_mean(1, DENMARK, YEARS)
    hour = (YEARS // HOUR) % 24
    afternoon, night = hour == 14, hour == 2
    summer = np.isin(YEARS.astype("datetime64[us]").astype("datetime64[M]").astype(int) % 12 + 1, (6, 7, 8))
    assert swing[afternoon & summer].mean() - swing[night & summer].mean() > 8.0
    assert 1.0 < swing[afternoon & ~summer].mean() - swing[night & ~summer].mean() < 7.0


def test_weather_lasts_for_days_but_not_for_weeks() -> None:
    days = np.arange(START, START + 3000 * DAY, DAY)
    season = np.cos(2 * np.pi * (days - START) / (365.2425 * DAY) - 0.43)
    anomaly = daily_mean(4, DENMARK, days) + DENMARK.annual_amplitude * season
    assert np.corrcoef(anomaly[:-1], anomaly[1:])[0, 1] > 0.6
    assert abs(np.corrcoef(anomaly[:-30], anomaly[30:])[0, 1]) < 0.1
