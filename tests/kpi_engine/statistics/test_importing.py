"""What a table adds to what was given before: whole or not at all, and the order of arrival decides nothing."""

import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st

from kpi_engine.errors import StatisticError
from kpi_engine.statistics.given import GivenValue, StoredValue
from kpi_engine.statistics.holding import latest
from kpi_engine.statistics.importing import ImportPlan, plan
from kpi_engine.statistics.preview import changes
from tests import towns
from tests.statistics import given, stored

CITIES = {"town": towns.city(name="town", sites={"a": {"vertical": "buildings"}, "b": {"vertical": "buildings"}})}
BILL = given("heat_bill", 900, "2026-01-01", "2026-02-01")
BETTER = given("heat_bill", 950, "2026-01-01", "2026-02-01", revision=2)
NEXT = given("heat_bill", 800, "2026-02-01", "2026-03-01")
WITHDRAWN = stored(1, BILL, is_withdrawn=True)


def planned(before: list[StoredValue], *values: GivenValue) -> ImportPlan:
    return plan(CITIES, before, [(f"t.csv: row {row}", one) for row, one in enumerate(values, start=2)])


def refusal(before: list[StoredValue], *values: GivenValue) -> str:
    with pytest.raises(StatisticError) as refused:
        planned(before, *values)
    sentence, _, end = str(refused.value).rpartition("\n")
    assert end == "Nothing was imported."
    return sentence


def test_what_is_new_is_taken_and_what_is_known_is_counted() -> None:
    made = planned([stored(1, BILL)], BILL, BETTER, NEXT, NEXT)
    assert (made.new, made.known, made.withdrawn) == ((BETTER, NEXT), 1, 0)


def test_other_contents_without_a_later_revision_are_refused_with_what_differs() -> None:
    other = given("heat_bill", 901, "2026-01-01", "2026-02-01", page="p. 2")
    assert refusal([stored(7, BILL)], NEXT, other) == (
        "t.csv: row 3: heat_bill of a from 2026-01-01 to 2026-02-01 was given with other contents (value: 900.0, now "
        "901.0, page: 'p. 1', now 'p. 2'); a better value needs a later revision, or withdraw number 7 first"
    )
    assert refusal([], BILL, other).startswith(
        "t.csv: row 3: heat_bill of a from 2026-01-01 to 2026-02-01 stands in row 2 with other contents (value: 900.0"
    )


def test_what_was_withdrawn_stays_so_and_another_value_may_take_its_place() -> None:
    other = given("heat_bill", 901, "2026-01-01", "2026-02-01")
    assert planned([WITHDRAWN], BILL, BETTER).new == (BETTER,)
    assert planned([WITHDRAWN], BILL).withdrawn == 1
    assert planned([WITHDRAWN], other).new == (other,)
    assert planned([WITHDRAWN, stored(2, other)], BILL) == ImportPlan((other,), (), 0, 1)
    assert planned([WITHDRAWN, stored(2, other)], other) == ImportPlan((other,), (), 1, 0)


def test_amounts_that_count_a_day_twice_are_refused() -> None:
    year = given("heat_bill", 9000, "2026-01-01", "2027-01-01")
    assert refusal([stored(7, BILL)], year) == (
        "t.csv: row 2: heat_bill of a from 2026-01-01 to 2027-01-01 shares days with the one from 2026-01-01 to "
        "2026-02-01 (number 7 of the stored ones, which may be withdrawn); expected amounts that follow each other, so "
        "that no day counts twice"
    )
    assert "row 3: heat_bill of a from 2026-02-01 to 2026-03-01 shares days with the one from 2026-01-01" in refusal(
        [], year, NEXT
    )
    assert planned([WITHDRAWN], year).new == (year,)


def test_levels_and_investments_may_share_days() -> None:
    levels = given("population", 1000, "2025-01-01"), given("population", 1100, "2026-01-01", "2027-01-01")
    spent = given("investment", 5, "2026-01-01", "2026-03-01"), given("investment", 7, "2026-02-01", "2026-04-01")
    assert planned([], *levels, *spent).new == (*levels, *spent)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"city": "twon"}, "column city: expected one of town, not 'twon'; did you mean town? (registered cities)"),
        ({"site": "c"}, "column site: expected one of a, b, not 'c' (sites of town)"),
    ],
)
def test_a_subject_that_is_not_registered_is_told_with_those_that_are(stated: dict[str, str], said: str) -> None:
    assert refusal([], given("heat_bill", 1, "2026-01-01", "2026-02-01", **stated)) == f"t.csv: row 2: {said}"


def test_what_would_move_is_said_by_days() -> None:
    former = given("population", 1000, "2025-01-01")
    later = given("population", 1100, "2026-01-01", "2027-01-01")
    (level,) = changes([former], [later])
    assert (str(level.start), str(level.end), level.before, level.after) == ("2026-01-01", "2027-01-01", former, later)
    revised, added = changes([BILL], [BETTER, NEXT])
    assert (revised.before, revised.after, added.before, added.after) == (BILL, BETTER, None, NEXT)
    (first,) = changes([], [former])
    assert (first.end, first.before) == (None, None)
    assert changes([BETTER], [BILL]) == []


@for_every(st.permutations([BILL, BETTER, NEXT, given("heat_bill", 940, "2026-01-01", "2026-02-01", revision=1)]))
def test_whatever_comes_first_the_latest_revision_holds(values: list[GivenValue]) -> None:
    kept: list[StoredValue] = []
    for one in values:
        kept += [stored(len(kept), new) for new in planned(kept, one).new]
    assert latest(one.given for one in kept) == [BETTER, NEXT]
