"""What sessions come to, as pure arithmetic: the rule of one session for all at once, and bounds that hold."""

import json
from itertools import product
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.model.session import ENERGY, Session, assessed, most_energy
from ingest.model.time import MINUTE
from kpi_engine.families.uptime import NEVI, UK, PortTime, UptimeInputs, uptime
from kpi_engine.formulas.charging_sessions import SessionsOf, failed_share, flexibility, mean_energy, number
from kpi_engine.formulas.session_columns import Charges, StoredSessions, charges
from kpi_engine.indicators import INDICATORS
from processors.steps.columns import ABSENT

DAY_SECONDS = 86_400.0
energies = st.none() | st.floats(-5.0, 400.0)
lengths = st.none() | st.integers(0, 40 * 60).map(lambda minutes: minutes * MINUTE)
bounds = st.none() | st.floats(0.0, 300.0)
powers = st.none() | st.floats(1.0, 150.0)
stored = st.builds(Session, st.just("a"), st.just(0), lengths, energies, lower_kwh=bounds, upper_kwh=bounds)


def columns(*sessions: Session, is_read: bool = False) -> StoredSessions:
    begin = np.array([one.begin for one in sessions], np.int64)
    end = np.array([ABSENT if one.end is None else one.end for one in sessions], np.int64)
    told = [(one.energy_kwh, one.lower_kwh, one.upper_kwh) for one in sessions]
    energy, lower, upper = np.array([[np.nan if value is None else value for value in row] for row in told]).T
    return StoredSessions(begin, end, energy, lower, upper, np.full(len(sessions), is_read))


@given(one=stored, power=powers)
def test_sessions_in_columns_are_what_one_by_one_they_are(one: Session, power: float | None) -> None:
    expected = assessed(one, most_energy(one.begin, one.end, power))
    found = charges(columns(one), np.array([np.nan if power is None else power]))

    counted = expected.counted_kwh
    assert isnan(found.energy[0]) if counted is None else found.energy[0] == counted
    assert (found.lower[0], found.upper[0]) == pytest.approx(expected.between(ENERGY))


def test_a_session_that_readings_tell_no_end_of_may_come_to_a_day_of_its_power() -> None:
    found = charges(columns(Session("a", 0, None, 5.0), is_read=True), np.array([10.0]))
    assert isnan(found.energy[0])
    assert (found.lower[0], found.upper[0]) == pytest.approx((5.0, 264.0))
    assert found.may_run.tolist() == [True]


def of(
    *sessions: tuple[float | None, float, float, float], known: float = DAY_SECONDS, seconds: float = DAY_SECONDS
) -> SessionsOf:
    """Return sessions of energy, lower, upper and hours at points of 11 kW."""
    rows = np.array([[np.nan if value is None else value for value in one] for one in sessions]).reshape(-1, 4)
    energy, lower, upper, hours = rows.T
    count = len(sessions)
    return SessionsOf(
        Charges(energy, lower, upper, hours, np.full(count, 11.0), np.zeros(count, np.bool_)), known, seconds
    )


sure = st.floats(0.2, 50.0).map(lambda energy: (energy, energy, energy, 5.0))
doubtful = st.tuples(st.floats(0.0, 10.0), st.floats(10.0, 60.0)).map(lambda ends: (None, *ends, 5.0))


@given(known=st.lists(sure, min_size=1, max_size=5), unknown=st.lists(doubtful, max_size=3))
def test_whatever_unknown_sessions_delivered_the_figures_lie_within_their_bounds(
    known: list[tuple[float, float, float, float]], unknown: list[tuple[None, float, float, float]]
) -> None:
    told = of(*known, *unknown)
    for amounts in product(*([lower, upper] for _, lower, upper, _ in unknown)):
        truth = of(*known, *((amount, amount, amount, 5.0) for amount in amounts))
        for figure in (number, mean_energy, failed_share, flexibility):
            value, within = figure(truth).value, figure(told)
            assert value is not None
            assert within.lower - 1e-9 <= value <= within.upper + 1e-9


def test_unknown_time_may_hold_twice_as_many_sessions_and_one_at_least() -> None:
    ten = [(energy, energy, energy, 2.0) for energy in range(1, 11)]
    half = of(*ten, known=DAY_SECONDS / 2)
    assert (number(half).value, number(half).lower, number(half).upper) == (10.0, 10, 30)
    # Sessions nobody saw deliver 0.1 to 20 kWh each: they need not be like those that were seen, 1 to 10 kWh.
    assert (mean_energy(half).lower, mean_energy(half).upper) == pytest.approx(((55 + 2) / 30, (55 + 400) / 30))
    assert number(of(*ten, known=DAY_SECONDS - 120)).upper == 11
    assert number(of(*ten, known=DAY_SECONDS - 59)).upper == 10  # nobody plugs in and out in less than a minute


def test_without_any_session_there_is_a_number_and_nothing_else() -> None:
    assert number(of()).value == 0.0
    assert [figure(of()).value for figure in (mean_energy, failed_share, flexibility)] == [None] * 3


def test_a_session_of_which_nothing_is_known_leaves_no_upper_bound_of_the_mean() -> None:
    found = mean_energy(of((10.0, 10.0, 10.0, 2.0), (None, 0.0, inf, 2.0)))
    assert (found.lower, found.upper) == pytest.approx((5.05, inf))


def test_both_rules_of_uptime_read_the_same_minutes_differently() -> None:
    ports = (PortTime(port="a", minutes=1000.0, outage=30.0, excluded=10.0, unknown=200.0),)
    nevi = uptime(UptimeInputs(rule=NEVI, ports=ports))
    british = uptime(UptimeInputs(rule=UK, ports=(ports[0].model_copy(update={"excluded": 0.0}),)))

    assert (nevi.value, nevi.lower, nevi.upper) == pytest.approx((97.5, 78.0, 98.0))
    assert (british.value, british.lower, british.upper) == pytest.approx((97.0, 77.0, 97.0))


@pytest.mark.parametrize(
    ("kpi", "inputs", "expected"),
    [
        (
            "ev_renewable_share",
            {"charged_kwh": {"value": [1.0, 2.0]}, "grid_percent": {"value": [50.0]}},
            "expected as many hours of the grid as of charging",
        ),
        (
            "ev_uptime_nevi",
            {"rule": NEVI.model_dump(), "ports": [{"port": "a", "minutes": 10.0, "outage": 8.0, "unknown": 8.0}]},
            "expected outage and unknown status within the minutes of the port",
        ),
        (
            "ev_sessions_completed",
            {"sessions": {"known_seconds": 2.0, "seconds": 1.0}},
            "expected known_seconds within seconds",
        ),
        (
            "ev_energy_per_session",
            {"sessions": {"kwh": [1.0], "hours": []}},
            "expected as many hours as sessions",
        ),
    ],
)
def test_inputs_that_cannot_be_are_refused_in_words(kpi: str, inputs: dict[str, object], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        INDICATORS[kpi].outcome_of(json.dumps(inputs))
