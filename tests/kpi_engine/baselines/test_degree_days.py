"""Degree days by each definition: worked examples of their publishers."""

import numpy as np
import pytest

from kpi_engine.formulas.degree_days import DEGREE_DAYS, DayTemperature, above, below, middle
from tests.kpi_engine.baselines.illinois import rising_year


@pytest.mark.parametrize(
    ("name", "temperature", "heating"),
    [
        ("eurostat", 12.0, 6.0),
        ("eurostat", 15.0, 3.0),
        ("eurostat", 15.1, 0.0),
        ("eurostat", 16.0, 0.0),
        ("cbs", 10.0, 8.0),
        ("cbs", -4.0, 22.0),
        ("cbs", 20.0, 0.0),
        ("graddage", 10.0, 7.0),
        ("eea", 12.0, 3.5),
    ],
)
def test_a_cold_day_has_the_heating_degree_days_of_the_definition(
    name: str, temperature: float, heating: float
) -> None:
    assert DEGREE_DAYS[name].heating(np.array([temperature])) == pytest.approx(heating)


@pytest.mark.parametrize(
    ("name", "temperature", "cooling"),
    [("eurostat", 26.0, 5.0), ("eurostat", 24.0, 3.0), ("eurostat", 23.9, 0.0), ("eea", 25.0, 3.0)],
)
def test_a_warm_day_has_the_cooling_degree_days_of_the_definition(
    name: str, temperature: float, cooling: float
) -> None:
    assert DEGREE_DAYS[name].cooling(np.array([temperature])) == pytest.approx(cooling)


def test_a_definition_without_cooling_says_nothing_of_it() -> None:
    assert np.isnan(DEGREE_DAYS["cbs"].cooling(np.array([30.0]))).all()


def test_an_unknown_temperature_has_no_degree_days() -> None:
    every = [one.heating(np.array([np.nan])) for one in DEGREE_DAYS.values()]
    assert np.isnan(np.concatenate(every)).all()


def test_a_year_that_rises_evenly_has_the_degree_days_of_its_days() -> None:
    days = rising_year()  # eemeter 2.2.10: 1368 and 1369
    assert above(days, 65.0).sum() == pytest.approx(1368.43, abs=0.005)
    assert below(days, 65.0).sum() == pytest.approx(1369.05, abs=0.005)


def test_a_definition_says_whether_it_takes_the_mean_or_the_middle_of_extremes() -> None:
    assert middle(np.array([4.0]), np.array([16.0])) == pytest.approx(10.0)
    assert {one.day for one in DEGREE_DAYS.values()} == set(DayTemperature)
    assert all(one.version and one.citation for one in DEGREE_DAYS.values())
