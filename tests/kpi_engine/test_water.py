"""The heat that water carries, held to k of IAPWS-IF97 at 1.6 MPa (iapws 1.5.5, computed apart from the table)."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.formulas.water import heat_per_volumes

CASES = [
    (80.0, 50.0, 1.1487135),
    (70.0, 40.0, 1.1523705),
    (95.0, 45.0, 1.1524274),
    (60.0, 30.0, 1.1557388),
    (77.3, 41.8, 1.1521178),
    (52.2, 49.1, 1.1474308),
    (102.5, 47.5, 1.1522583),
]


def heat_per_volume(supply: float, back: float) -> float:
    return heat_per_volumes(np.array([supply]), np.array([back])).item()


@pytest.mark.parametrize(("supply", "back", "expected"), CASES)
def test_the_coefficient_is_that_of_water(supply: float, back: float, expected: float) -> None:
    assert heat_per_volume(supply, back) == pytest.approx(expected * (supply - back), rel=5e-5)


@given(st.floats(0.0, 150.0), st.floats(0.0, 150.0))
def test_it_stays_near_that_of_cold_water_and_is_unknown_where_nothing_cools_down(supply: float, back: float) -> None:
    found = heat_per_volume(supply, back)
    assert (not isnan(found)) == (supply >= back)
    assert isnan(found) or 1.05 * (supply - back) - 1e-9 <= found <= 1.18 * (supply - back) + 1e-9


@pytest.mark.parametrize("pair", [(151.0, 50.0), (60.0, -0.1), (float("nan"), 50.0)])
def test_outside_of_the_table_there_is_no_guess(pair: tuple[float, float]) -> None:
    assert isnan(heat_per_volume(*pair))
