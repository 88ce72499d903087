"""The balance of EN ISO 52000-1, held to the examples of ISO/TR 52000-2, and the factors that come with Pharos."""

from datetime import UTC, datetime
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.catalogue import Catalogue, Ids
from ingest.model.time import HOUR, to_micros
from kpi_engine.factors.primary_factors import shipped_sets
from kpi_engine.families.energy_performance import AREA, FACTORS, HEAT, SIDES
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.energy_balance import ElectricityFactors, flows, weighted
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.hours import HourColumn, HourTable
from kpi_engine.subjects.subject import SubjectName, subjects
from kpi_engine.window import FactSpan, Window
from tests import towns
from tests.kpi_engine.given_ports import known
from tests.towns import electricity_meter, fact

EDGES = ((2, 28, 23), (4, 30, 22))  # of March and April 2026 in Copenhagen
# Renewable, non-renewable and kg: grid, photovoltaics and gas of the J-series (KPI reference, section 6).
GRID, PV, GAS = (0.5, 2.0, 0.42), (1.0, 0.0, 0.0), (0.0, 1.1, 0.22)


def hours(*values: float) -> BoundedHours:
    return BoundedHours(*(np.array(values) for _ in range(3)))


@pytest.mark.parametrize(
    ("use", "production", "gas", "k_exp", "expected"),
    [
        (100.0, 0.0, 0.0, 1.0, (50.0, 200.0, 42.0)),
        (100.0, 50.0, 0.0, 1.0, (75.0, 100.0, 21.0)),
        (100.0, 140.0, 0.0, 0.0, (100.0, 0.0, 0.0)),
        (100.0, 140.0, 0.0, 1.0, (120.0, -80.0, -16.8)),
        (20.0, 40.0, 190.0, 0.0, (20.0, 209.0, 41.8)),
        (20.0, 40.0, 190.0, 1.0, (30.0, 169.0, 33.4)),
    ],
    ids=["J1", "J2", "J3 step A", "J3 step B", "J5 step A", "J5 step B"],
)
def test_the_balance_is_that_of_the_technical_report(
    use: float, production: float, gas: float, k_exp: float, expected: tuple[float, ...]
) -> None:
    electricity = flows(hours(use), hours(production))
    found = [
        weighted(electricity, ElectricityFactors(grid, pv, grid), [(Bounded.exact(gas), by)], k_exp).value
        for grid, pv, by in zip(GRID, PV, GAS, strict=True)
    ]
    assert found == pytest.approx(expected)


def test_a_longer_step_matches_more() -> None:
    use, made = (5.0, 5.0, 1.0, 1.0), (2.0, 2.0, 2.0, 2.0)
    by_hour, at_once = flows(hours(*use), hours(*made)), flows(hours(sum(use)), hours(sum(made)))
    assert (by_hour.delivered.value, by_hour.exported.value) == (6.0, 2.0)
    assert (at_once.delivered.value, at_once.exported.value) == (4.0, 0.0)


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(0, 5), st.floats(0, 1)), min_size=1, max_size=9)
)
def test_bounds_hold_whatever_was_used(rows: list[tuple[float, float, float, float]]) -> None:
    low, made, width, share = (np.array(column) for column in zip(*rows, strict=True))
    factors = ElectricityFactors(2.3, 0.0, 2.3)
    found = weighted(flows(BoundedHours(low + width / 2, low, low + width), hours(*made)), factors, (), 1.0)
    truth = weighted(flows(hours(*(low + share * width)), hours(*made)), factors, (), 1.0).value
    assert truth is not None
    assert found.lower - 1e-6 <= truth <= found.upper + 1e-6


def test_every_shipped_set_says_where_it_is_from() -> None:
    assert {("en-iso-52000-1", "2017"), ("es-rite", "2014")} <= shipped_sets().keys()
    assert all(len(one.source) > 20 and len(one.page) > 10 for one in shipped_sets().values())


def test_a_city_has_primary_energy_where_it_names_a_set() -> None:
    assert "building_primary_energy" not in applicable()
    assert "building_primary_energy" in applicable(primary_energy={"factors": "en-iso-52000-1", "version": 2017})


def applicable(**keys: object) -> set[str]:
    """Return the indicators of a town with a meter."""
    town = towns.city(
        electricity_meter(name="main"),
        sites={"house": {"vertical": "buildings", "facts": [fact("floor_area", 100, "m2")]}},
        **keys,
    )
    ids = count(1)
    series = {(town.name, one.name, declared.quantity): next(ids) for one in town.devices for declared in one.series}
    catalogue = Catalogue([town], Ids({(town.name, one.name): next(ids) for one in town.devices}, series))
    return {
        name
        for one in subjects(catalogue, {SubjectName(town.name): (1, None), SubjectName(town.name, "house"): (1, 2)})
        for name in one.meter_sets
    }


def test_the_steps_of_the_monthly_balance_are_civil_months_whatever_the_clock_does() -> None:
    """In Copenhagen March 2026 has 743 hours: every other one exports what the next one takes, so nothing is left."""
    start, end = (to_micros(datetime(2026, month, day, hour, tzinfo=UTC)) for month, day, hour in EDGES)
    taken = np.tile([0.0, 2.0], (743 + 720) // 2 + 1)[: 743 + 720]
    sides = {"import": taken, "export": 2.0 - taken, "production": 2.0 - taken}
    table = HourTable(
        np.arange(start, end + HOUR, HOUR),
        "Europe/Copenhagen",
        {name: HourColumn(column, column, column) for name, column in sides.items()},
        dict.fromkeys(sides, ("main",)),
    )
    given = {SIDES: table, HEAT: (), AREA: (FactSpan("house", start, end, 1.0),), FACTORS: known(FACTORS, (), 24)}
    window = Window(start, end, (), ports=given)
    by_month, by_hour = (INDICATORS[f"building_primary_energy{one}"] for one in ("_monthly", ""))

    assert by_month.inputs(window).step_hours == (743, 720)
    assert by_month.outcome(by_month.inputs(window)).value == 0.0  # March nets to 2 kWh of export, April to none
    assert by_hour.outcome(by_hour.inputs(window)).value == pytest.approx(2.3 * taken.sum())
