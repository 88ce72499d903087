"""What the heat of a cogeneration plant bears, by each method, against worked examples and against each other."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.policies import CHP_ALLOCATION, POLICIES
from kpi_engine.formulas.chp_allocation import METHODS, Cogeneration, heat_share

PLANT: Final = Cogeneration(fuel=1000.0, electricity=300.0, heat=500.0)
EVERY: Final = POLICIES[CHP_ALLOCATION]
SPLITTING: Final = ("energy", "efficiency", "alternative_generation", "ghg_protocol", "exergy")
amounts = st.floats(min_value=1e-3, max_value=1e9)


@pytest.mark.parametrize(
    ("method", "heat"),
    [
        # 200 t, eta_e 0.3, eta_h 0.5: KPI reference, section 6, and the example of oemof-thermal
        ("energy", 125.0),
        ("efficiency", 75.0),
        ("heat_200", 50.0),
        ("heat_125", 80.0),
        # by hand: (0.5/0.82) / (0.3/0.525 + 0.5/0.82), and with 0.80 and 0.35
        ("alternative_generation", 200.0 * (0.5 / 0.82) / (0.3 / 0.525 + 0.5 / 0.82)),
        ("ghg_protocol", 200.0 * 0.625 / (0.3 / 0.35 + 0.625)),
        # 1 - 283.15/353.15 of heat is work
        ("exergy", 200.0 * 0.5 * (70 / 353.15) / (0.3 + 0.5 * 70 / 353.15)),
        ("residual_heat", 200.0 * (1 - 0.3 / 0.525)),
    ],
)
def test_200_tonnes_are_allocated_as_in_the_worked_examples(method: str, heat: float) -> None:
    share = heat_share(EVERY[method], PLANT)

    assert share is not None
    assert 200.0 * share == pytest.approx(heat, rel=1e-12)


def test_a_bonus_of_power_takes_the_factors_of_fuel_and_grid() -> None:
    """1000 MWh of fuel at 0.2 t/MWh less 300 MWh of electricity at 0.3 t/MWh are 110 of 200 t."""
    assert heat_share(EVERY["power_bonus"], PLANT) is None
    known = Cogeneration(1000.0, 300.0, 500.0, fuel_factor=0.2, electricity_factor=0.3)
    assert heat_share(EVERY["power_bonus"], known) == pytest.approx(0.55)
    dirty_grid = Cogeneration(1000.0, 300.0, 500.0, fuel_factor=0.2, electricity_factor=0.9)
    assert heat_share(EVERY["power_bonus"], dirty_grid) == pytest.approx(-0.35)  # not cut at 0


def test_every_policy_has_a_method_and_says_where_it_is_from() -> None:
    assert METHODS.keys() == EVERY.keys()
    assert all(one.title and one.source and one.version and one.trap for one in EVERY.values())


@given(fuel=amounts, electricity=amounts, heat=amounts, factor=st.floats(min_value=0.1, max_value=10.0))
def test_shares_are_of_the_plant_and_not_of_its_size(
    fuel: float, electricity: float, heat: float, factor: float
) -> None:
    small, large = (Cogeneration(fuel * by, electricity * by, heat * by) for by in (1.0, factor))
    for name in EVERY.keys() - {"power_bonus"}:
        assert heat_share(EVERY[name], large) == pytest.approx(heat_share(EVERY[name], small), rel=1e-9, abs=1e-9)


@given(electricity=amounts, heat=amounts)
def test_methods_that_split_leave_neither_product_less_than_nothing(electricity: float, heat: float) -> None:
    plant = Cogeneration(electricity + heat, electricity, heat)
    shares = [heat_share(EVERY[name], plant) for name in SPLITTING]

    assert all(share is not None and 0.0 <= share <= 1.0 for share in shares)
    assert sum(share for share in shares[:2] if share is not None) == pytest.approx(1.0)  # opposites of each other
