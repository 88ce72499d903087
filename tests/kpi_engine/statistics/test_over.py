"""What given values say of a span: means of levels, sums of amounts, bounds of what is cut, gaps in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import fsum, inf

import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.time import HOUR
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.over import SpanValue, over
from tests.statistics import given

ZONE = "Europe/Copenhagen"
SUMMER = date(2026, 3, 29)  # a day of 23 hours
WINTER = date(2026, 10, 25)  # a day of 25 hours
BILLS = [given("heat_bill", 310 * month, f"2026-0{month}-01", f"2026-0{month + 1}-01") for month in range(1, 9)]


def at(day: str | date) -> int:
    return day_start(date.fromisoformat(day) if isinstance(day, str) else day, ZONE)


def of(statistic: str, values: Sequence[GivenValue], start: str, end: str) -> SpanValue:
    return over(STATISTICS[statistic], values, [(at(start), at(end))], ZONE)


def test_amounts_of_whole_bills_add_up_within_the_bounds_that_are_stated() -> None:
    stated = given("heat_bill", 500, "2026-02-01", "2026-03-01", lower=480, upper=530)
    found = of("heat_bill", [stated, BILLS[0]], "2026-01-01", "2026-03-01")
    assert found == SpanValue(Bounded(810, 790, 840), "kWh", used=(BILLS[0], stated))


def test_a_bill_that_is_cut_counts_by_the_day_and_lies_between_nothing_and_the_whole() -> None:
    found = of("heat_bill", BILLS[:2], "2026-01-22", "2026-03-01")
    assert found.amount.value == pytest.approx(100 + 620)
    assert (found.amount.lower, found.amount.upper) == (620, 310 + 620)
    assert found.missing is None
    assert found.divided == "divided evenly by the day: heat_bill from 2026-01-01 to 2026-02-01"


def test_a_day_of_23_hours_takes_as_much_of_a_bill_as_any_other() -> None:
    march = given("heat_bill", 310, "2026-03-01", "2026-04-01")
    shares = [
        of("heat_bill", [march], str(day), str(day + timedelta(days=1))).amount.value
        for day in (SUMMER, SUMMER - timedelta(days=1))
    ]
    assert shares == [pytest.approx(10), pytest.approx(10)]
    morning = over(STATISTICS["heat_bill"], [march], [(at(SUMMER), at(SUMMER) + 23 * HOUR // 2)], ZONE)
    assert morning.amount.value == pytest.approx(5)


def test_what_no_bill_covers_is_told_and_there_is_no_sum_but_what_it_is_at_least() -> None:
    found = of("heat_bill", [BILLS[0], BILLS[2]], "2026-01-01", "2026-05-01")
    assert found.amount == Bounded(None, 310 + 930, inf)
    assert found.missing == "no heat_bill from 2026-02-01 to 2026-03-01; no heat_bill from 2026-04-01 to 2026-05-01"
    assert of("heat_bill", [], "2026-01-01", "2026-02-01").missing == "no heat_bill from 2026-01-01 to 2026-02-01"
    costs = of("revenue", [given("revenue", 5, "2026-01-01", "2026-02-01", unit="EUR")], "2026-01-01", "2026-03-01")
    assert costs.amount == Bounded(None, -inf, inf)


def test_a_credit_note_that_is_cut_lies_between_the_whole_and_nothing() -> None:
    credit = given("revenue", -310, "2026-01-01", "2026-02-01", unit="EUR")
    found = of("revenue", [credit], "2026-01-01", "2026-01-11")
    assert found.amount.value == pytest.approx(-100)
    assert (found.amount.lower, found.amount.upper) == (-310, 0)


def test_levels_are_weighted_by_the_time_that_they_hold() -> None:
    before, after = given("population", 1000, "2025-01-01"), given("population", 1240, "2026-03-29")
    found = of("population", [after, before], "2026-03-28", "2026-03-30")
    assert found.amount.value == pytest.approx((1000 * 24 + 1240 * 23) / 47)
    assert (found.missing, found.divided, found.used) == (None, None, (before, after))
    stated = given("population", 1000, "2025-01-01", lower=900, upper=1100)
    bounds = of("population", [stated, after], "2026-03-28", "2026-03-30").amount
    assert bounds.lower == pytest.approx((900 * 24 + 1240 * 23) / 47)
    assert bounds.upper == pytest.approx((1100 * 24 + 1240 * 23) / 47)


def test_of_several_levels_the_one_that_is_valid_since_the_latest_day_holds() -> None:
    former, later = given("population", 1000, "2024-01-01"), given("population", 1100, "2025-01-01", "2026-01-01")
    assert of("population", [later, former], "2025-01-01", "2026-01-01").amount == Bounded.exact(1100)
    assert of("population", [later, former], "2026-01-01", "2027-01-01").amount == Bounded.exact(1000)
    exactly = given("population", 1050, "2025-01-01", "2025-07-01")
    assert of("population", [later, exactly], "2025-01-01", "2025-07-01").amount == Bounded.exact(1050)
    lacking = of("population", [later], "2025-07-01", "2026-07-01")
    assert (lacking.amount, lacking.missing) == (Bounded(None), "no population from 2026-01-01 to 2026-07-01")


def test_the_latest_revision_counts() -> None:
    better = given("heat_bill", 300, "2026-01-01", "2026-02-01", revision=2)
    found = of("heat_bill", [better, BILLS[0]], "2026-01-01", "2026-02-01")
    assert (found.amount, found.used) == (Bounded.exact(300), (better,))


def test_an_investment_is_never_divided_and_those_of_the_same_days_add_up() -> None:
    roof, pump = (
        given("investment", 5000, "2026-01-01", "2026-03-01"),
        given("investment", 7000, "2026-02-01", "2026-04-01"),
    )
    assert of("investment", [pump, roof], "2026-01-01", "2027-01-01").amount == Bounded.exact(12000)
    cut = of("investment", [pump, roof], "2026-01-01", "2026-03-01")
    assert cut.amount == Bounded(None, 5000, 12000)
    assert cut.missing == "investment from 2026-02-01 to 2026-04-01 reaches beyond, and is never divided"
    assert of("investment", [roof], "2025-01-01", "2026-01-01").missing == "no investment from 2025-01-01 to 2026-01-01"


def test_amounts_of_two_units_or_bases_are_no_sum() -> None:
    net = given("gas_bill", 1, "2026-01-01", "2026-02-01", unit="MWh", calorific_basis="NCV")
    volume = given("gas_bill", 95, "2026-02-01", "2026-03-01", unit="m3")
    found = of("gas_bill", [net, volume], "2026-01-01", "2026-03-01")
    assert found.amount == Bounded(None)
    assert found.missing == "gas_bill is given in kWh (NCV) and m3; expected one of them"
    alone = of("gas_bill", [net], "2026-01-01", "2026-02-01")
    assert (alone.amount.value, alone.unit, alone.calorific_basis) == (1000, "kWh", CalorificBasis.NCV)


def test_amounts_that_count_a_day_twice_are_no_sum() -> None:
    year = given("heat_bill", 9000, "2026-01-01", "2027-01-01")
    found = of("heat_bill", [year, BILLS[0]], "2026-01-01", "2026-03-01")
    assert found.amount == Bounded(None)
    assert found.missing == (
        "heat_bill counts days twice: from 2026-01-01 to 2026-02-01 and from 2026-01-01 to 2027-01-01"
    )


days = st.dates(date(2026, 1, 1), date(2026, 9, 1))
instants = st.integers(at("2026-01-01"), at("2026-09-01"))


@for_every(st.permutations(BILLS), days, days)
def test_the_order_of_the_values_decides_nothing(values: list[GivenValue], one: date, other: date) -> None:
    if one != other:
        start, end = str(min(one, other)), str(max(one, other))
        assert of("heat_bill", values, start, end) == of("heat_bill", BILLS, start, end)


@for_every(st.lists(instants, min_size=1, max_size=6, unique=True))
def test_pieces_of_a_time_add_up_to_the_whole_of_it(cuts: list[int]) -> None:
    """Also pieces of days, and of the day of 23 hours; bounds of the pieces hold the bounds of the whole."""
    edges = sorted({at("2026-01-01"), *cuts, at("2026-09-01")})
    pieces = [over(STATISTICS["heat_bill"], BILLS, [span], ZONE).amount for span in pairwise(edges)]
    whole = over(STATISTICS["heat_bill"], BILLS, [(edges[0], edges[-1])], ZONE).amount
    assert whole == Bounded.exact(fsum(bill.value for bill in BILLS))
    assert whole.value is not None
    assert fsum(piece.value or 0.0 for piece in pieces) == pytest.approx(whole.value, rel=1e-12)
    assert fsum(piece.lower for piece in pieces) <= whole.lower
    assert fsum(piece.upper for piece in pieces) >= whole.upper
    assert all(piece.lower <= (piece.value or 0.0) <= piece.upper for piece in pieces)


@for_every(st.lists(instants, min_size=1, max_size=6, unique=True))
def test_means_of_pieces_weighted_by_time_are_the_mean_of_the_whole(cuts: list[int]) -> None:
    levels = [
        given("population", 1000, "2025-01-01"),
        given("population", 1100, str(SUMMER)),
        given("population", 900, "2026-06-01", "2026-07-01"),
    ]
    edges = sorted({at("2026-01-01"), *cuts, at("2026-09-01")})
    means = [over(STATISTICS["population"], levels, [span], ZONE).amount.value or 0.0 for span in pairwise(edges)]
    weighted = fsum(mean * (end - start) for mean, (start, end) in zip(means, pairwise(edges), strict=True))
    whole = over(STATISTICS["population"], levels, [(edges[0], edges[-1])], ZONE).amount.value
    assert weighted / (edges[-1] - edges[0]) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_the_days_of_a_bill_are_alike_in_every_zone(zone: str) -> None:
    year = given("heat_bill", 365, "2026-01-01", "2027-01-01")
    edges = [day_start(date(2026, 1, 1) + timedelta(days=day), zone) for day in range(366)]
    of_days = [over(STATISTICS["heat_bill"], [year], [span], zone).amount for span in pairwise(edges)]
    assert {round(amount.value or 0.0, 9) for amount in of_days} == {1.0}
    assert {(amount.lower, amount.upper) for amount in of_days} == {(0.0, 365.0)}
