"""A battery takes constant power, then less and less, and in the end what it wanted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.ev_charging.charge import Charges
from simulators.noise import FloatColumn, IntColumn

DEMAND, POWER, TAPER = st.floats(0.2, 75.0), st.floats(1.4, 350.0), st.floats(0.0, 0.5)
ONE = np.zeros(1, np.int64)


def _charge(demand: float, power: float, taper: float) -> Charges:
    return Charges.of(*(np.array([value]) for value in (demand, power, taper)))


def _hours(charge: Charges, count: int) -> tuple[IntColumn, FloatColumn]:
    return np.zeros(count, np.int64), np.linspace(0.0, 1.2 * charge.end[0], count)


@given(DEMAND, POWER, TAPER)
def test_who_stays_long_enough_takes_what_was_wanted(demand: float, power: float, taper: float) -> None:
    charge = _charge(demand, power, taper)
    assert charge.constant[0] >= -1e-9
    assert charge.energy(ONE, charge.end + 5.0)[0] == pytest.approx(demand)
    assert charge.power_at(ONE, charge.end)[0] == 0.0


@given(DEMAND, POWER, TAPER)
def test_power_never_rises_and_energy_never_falls(demand: float, power: float, taper: float) -> None:
    charge = _charge(demand, power, taper)
    given_power, energy = charge.power_at(*_hours(charge, 500)), charge.energy(*_hours(charge, 500))
    assert np.diff(given_power).max() <= 1e-9
    assert given_power[0] <= power
    assert np.diff(energy).min() >= 0.0
    assert energy[0] == pytest.approx(0.0, abs=1e-9)


@given(DEMAND, POWER, TAPER)
def test_energy_is_the_integral_of_power(demand: float, power: float, taper: float) -> None:
    charge = _charge(demand, power, taper)
    session, hours = _hours(charge, 20_001)
    middle = (hours[1:] + hours[:-1]) / 2
    integral = charge.power_at(session[1:], middle).cumsum() * (hours[1] - hours[0])
    assert abs(charge.energy(session[1:], hours[1:]) - integral).max() < 1e-3 * demand


def test_constant_power_ends_in_a_taper() -> None:
    charge = _charge(20.0, 7.2, 0.25)
    power = charge.power_at(np.zeros(3, np.int64), np.array([0.0, 2.4, charge.end[0] - 1e-6]))
    assert power[:2].tolist() == [7.2, 7.2]
    assert power[2] == pytest.approx(0.06 * 7.2, rel=1e-3)
