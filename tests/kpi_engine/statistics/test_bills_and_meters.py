"""Bills and meters together: whose amount counts on which day, by each rule, and what is said of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import inf

import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st

from kpi_engine.formulas.bounded import Bounded
from kpi_engine.statistics.bills_and_meters import BillsAndMeters, Combined, CountedFrom, combined
from kpi_engine.statistics.catalogue import STATISTICS
from kpi_engine.statistics.given import GivenValue
from tests.statistics import given

ZONE = "Europe/Copenhagen"
JANUARY = date(2026, 1, 1)
BILL = given("heat_bill", 310, "2026-01-01", "2026-02-01")
EVERY_DAY = dict.fromkeys((JANUARY + timedelta(days=day) for day in range(31)), Bounded(8.0, 7.5, 8.5))
FIRST_TEN = {day: amount for day, amount in EVERY_DAY.items() if day < date(2026, 1, 11)}


def of_january(
    rule: BillsAndMeters, metered: dict[date, Bounded], bills: Sequence[GivenValue] = (BILL,), unit: str = "kWh"
) -> Combined:
    bill, end = STATISTICS["heat_bill"], date(2026, 2, 1)
    return combined(metered, unit, bill, bills, rule=rule, start=JANUARY, end=end, zone=ZONE)


def test_meters_first_takes_the_bill_where_the_meters_say_nothing() -> None:
    found = of_january(BillsAndMeters.METERS_FIRST, FIRST_TEN)
    assert [str(one) for one in found.days] == [
        "2026-01-01 to 2026-01-11: meters",
        "2026-01-11 to 2026-02-01: bill",
    ]
    assert found.amount.value == pytest.approx(80 + 210)
    assert (found.amount.lower, found.amount.upper) == (75, 85 + 310)
    assert found.missing is None
    assert found.divided == "divided evenly by the day: heat_bill from 2026-01-01 to 2026-02-01"


def test_the_days_of_a_bill_are_bounded_by_the_whole_of_it_once() -> None:
    holes = {day: amount for day, amount in EVERY_DAY.items() if day.day % 2}
    found = of_january(BillsAndMeters.METERS_FIRST, holes)
    assert len(found.days) == 31
    assert found.amount.upper == 16 * 8.5 + 310


def test_bills_first_takes_meters_where_there_is_no_bill() -> None:
    half = given("heat_bill", 150, "2026-01-01", "2026-01-16")
    found = of_january(BillsAndMeters.BILLS_FIRST, EVERY_DAY, [half])
    assert [(one.source, one.end) for one in found.days] == [
        (CountedFrom.BILL, date(2026, 1, 16)),
        (CountedFrom.METERS, date(2026, 2, 1)),
    ]
    assert found.amount == Bounded(150 + 16 * 8.0, 150 + 16 * 7.5, 150 + 16 * 8.5)
    assert of_january(BillsAndMeters.BILLS_FIRST, EVERY_DAY).amount == Bounded.exact(310)


def test_refuse_has_no_amount_where_both_speak_and_says_when() -> None:
    found = of_january(BillsAndMeters.REFUSE, FIRST_TEN)
    assert found.amount.value is None
    assert found.missing == (
        "meters and a heat_bill both speak of the days 2026-01-01 to 2026-01-11; expected one of them "
        "(bills_and_meters: refuse)"
    )
    later = given("heat_bill", 210, "2026-01-11", "2026-02-01")
    assert of_january(BillsAndMeters.REFUSE, FIRST_TEN, [later]).amount == Bounded(290, 285, 295)


def test_days_of_which_nobody_speaks_leave_no_amount_but_what_it_is_at_least() -> None:
    silent = {**FIRST_TEN, date(2026, 1, 5): Bounded(None, 0, 20)}
    found = of_january(BillsAndMeters.METERS_FIRST, silent, [])
    assert found.amount == Bounded(None, 9 * 7.5, inf)
    assert found.missing == (
        "neither meters nor a heat_bill on the days 2026-01-05 to 2026-01-06; "
        "neither meters nor a heat_bill on the days 2026-01-11 to 2026-02-01"
    )


def test_a_bill_in_another_unit_than_the_meters_count_is_no_part_of_a_sum() -> None:
    found = of_january(BillsAndMeters.METERS_FIRST, FIRST_TEN, unit="m3")
    assert (found.amount.value, found.missing) == (None, "heat_bill is given in kWh, meters count m3")


@for_every(
    st.sets(st.sampled_from(sorted(EVERY_DAY))),
    st.permutations([BILL, given("heat_bill", 9, "2026-02-01", "2026-03-01")]),
)
def test_every_day_counts_once_whatever_the_rule(known: set[date], bills: list[GivenValue]) -> None:
    metered = {day: EVERY_DAY[day] for day in known}
    for rule in BillsAndMeters:
        found = of_january(rule, metered, bills)
        counted = [one.start + timedelta(days=day) for one in found.days for day in range((one.end - one.start).days)]
        assert counted == sorted(EVERY_DAY)
        assert (found.amount.value is None) == (rule is BillsAndMeters.REFUSE and bool(known))
