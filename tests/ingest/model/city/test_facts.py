"""Facts are dated: on any day at most one of a name holds."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.model.city.assets import Fact
from ingest.model.city.facts import value_at

DAY = timedelta(days=1)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 20))


def area(value: float, valid_from: date | None = None, valid_to: date | None = None) -> Fact:
    return Fact(name="heated_area", value=value, unit="m2", source="survey", valid_from=valid_from, valid_to=valid_to)


def test_the_fact_of_the_day_is_the_one_whose_validity_contains_it() -> None:
    change = date(2026, 1, 1)
    facts = [area(2150.0, valid_to=change), area(2310.0, valid_from=change)]
    before, after = value_at(facts, "heated_area", change - DAY), value_at(facts, "heated_area", change)
    assert before is facts[0]
    assert after is facts[1]


def test_no_fact_is_none_and_never_another_one() -> None:
    facts = [area(2150.0, date(2024, 1, 1), date(2025, 1, 1))]
    assert value_at(facts, "heated_area", date(2023, 12, 31)) is None
    assert value_at(facts, "heated_area", date(2025, 1, 1)) is None
    assert value_at(facts, "floor_area", date(2024, 6, 1)) is None
    assert value_at([], "heated_area", date(2024, 6, 1)) is None


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_validities_overlap_exactly_if_they_share_a_day(
    a: date | None, b: date | None, c: date | None, d: date | None
) -> None:
    if (a and b and b <= a) or (c and d and d <= c):
        return
    one, other = area(1.0, a, b), area(2.0, c, d)
    days = [date(2019, 12, 31) + n * DAY for n in range(24)]
    shared = any(one.holds_on(day) and other.holds_on(day) for day in days)
    assert one.overlaps(other) == other.overlaps(one) == shared
