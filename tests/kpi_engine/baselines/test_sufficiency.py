"""What a baseline period must hold, and what is told where it does not."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.model.city.baseline import USUAL_METHOD
from kpi_engine.baselines.days import EnergyDays, number_of
from kpi_engine.baselines.fitted import fit_baseline
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.sufficiency import sufficiency
from tests.kpi_engine.baselines.made_up import FIRST, days_of, heated, weather

METHOD = METHODS[USUAL_METHOD]


def year(count: int = 365) -> EnergyDays:
    temperature = weather(days=count)
    return days_of(heated(temperature), temperature)


def without(days: EnergyDays, energy: int = 0, temperature: int = 0) -> EnergyDays:
    """Return the days without the energy of the first ones, and the temperature of the last ones."""
    place = np.arange(len(days))
    return replace(
        days,
        energy=np.where(place < energy, np.nan, days.energy),
        temperature=np.where(place >= len(days) - temperature, np.nan, days.temperature),
    )


@pytest.mark.parametrize("count", [365, 366])
def test_a_whole_year_suffices(count: int) -> None:
    found = sufficiency(year(count), METHOD)
    assert (found.days, found.missing, found.disqualified, found.flags) == (count, 0, (), ())


@pytest.mark.parametrize("count", [364, 367, 212])
def test_another_length_does_not(count: int) -> None:
    assert sufficiency(year(count), METHOD).disqualified == (
        f"the period has {count} days; expected a whole year, 365 or 366",
    )


def test_37_days_may_be_missing_and_no_more() -> None:
    assert sufficiency(without(year(), energy=37), METHOD).disqualified == ()
    assert sufficiency(without(year(), energy=30, temperature=8), METHOD).disqualified == (
        "38 days of the period are missing (30 lack their energy, 8 their temperature); 37 may be",
    )


def test_a_day_that_lacks_both_is_missing_once() -> None:
    days = without(year(), energy=20)
    lacking = replace(days, temperature=np.where(np.isnan(days.energy), np.nan, days.temperature))
    assert sufficiency(lacking, METHOD).missing == 20


def test_negative_energy_disqualifies_and_names_its_days() -> None:
    days = year()
    days.energy[:7] = -1.0
    assert sufficiency(days, METHOD).disqualified == (
        "the energy of 2024-01-01, 2024-01-02, 2024-01-03, 2024-01-04, 2024-01-05 and 2 more is negative: something "
        "flows back, which a model of use does not tell",
    )


def test_an_outlier_is_flagged_and_counts() -> None:
    days = year()
    days.energy[3] = 9_999.0
    found = sufficiency(days, METHOD)
    assert found.disqualified == ()
    assert "the energy of 2024-01-04 lies more than 3 interquartile ranges above the median" in found.flags[0]
    fitted = fit_baseline(days, METHOD, may_cool=False)
    assert fitted.baseline
    assert 9_999.0 in fitted.baseline.days.energy


def test_zero_of_electricity_is_missing_and_of_heat_it_is_a_summers_day() -> None:
    days = year()
    days.energy[180:185] = 0.0
    assert sufficiency(days, METHOD).missing == 0
    of_electricity = days.with_zero_missing()
    assert sufficiency(of_electricity, METHOD).missing == 5
    assert of_electricity.reason(number_of(FIRST) + 180) == "its energy is 0, which of electricity means: not measured"


def test_a_period_without_any_data_says_so() -> None:
    nothing = days_of(np.full(365, np.nan), np.full(365, np.nan))
    fitted = fit_baseline(nothing, METHOD, may_cool=False)
    assert fitted.baseline is None
    assert fitted.reasons == (
        "365 days of the period are missing (365 lack their energy, 365 their temperature); 37 may be",
    )
