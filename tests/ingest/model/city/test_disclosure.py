"""Attempts by differencing: no sum or difference of what is shown is of fewer households than the minimum."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.city.disclosure import Parts, least_telling, visible

HOMES = [f"home-{number}" for number in range(9)]
Family = dict[str, Parts]


def of(*numbers: int) -> Parts:
    return frozenset((HOMES[number], 0) for number in numbers)


def shown_of(figures: Family, minimum: int = 3, **weights: int) -> set[str]:
    return visible(figures, {home: weights.get(home, 1) for home in HOMES} | weights, minimum)


def told(figures: list[Parts], minimum: int) -> set[str] | None:
    """Return homes, fewer than the minimum, that a combination of figures is of; by fractions, and one by one."""
    every = rank(figures, HOMES)
    for size in range(1, minimum):
        for few in combinations(HOMES, size):
            others = [home for home in HOMES if home not in few]
            if rank(figures, others) < every:
                return set(few)
    return None


def rank(figures: list[Parts], homes: list[str]) -> int:
    """Return how many independent figures there are of some homes."""
    rows = [[Fraction((home, 0) in figure) for home in homes] for figure in figures]
    found = 0
    for column in range(len(homes)):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        found += 1
    return found


homes = st.frozensets(st.sampled_from([(home, 0) for home in HOMES]), min_size=1)
whole = frozenset((home, 0) for home in HOMES)


@st.composite
def nested(draw: st.DrawFn) -> list[Parts]:
    """Draw the city and groups of it, in each other or across."""
    found = [whole]
    for _ in range(draw(st.integers(1, 6))):
        parent = draw(st.sampled_from(found))
        group = draw(homes)
        is_inside = draw(st.booleans())
        found.append((group & parent) or parent if is_inside else group)
    return found


@pytest.mark.long
@given(nested(), st.integers(2, 4))
@settings(max_examples=60, deadline=None)
def test_no_combination_of_what_is_shown_is_of_fewer_households_than_the_minimum(
    figures: list[Parts], minimum: int
) -> None:
    named = {str(number): figure for number, figure in enumerate(figures)}
    shown = visible(named, dict.fromkeys(HOMES, 1), minimum)
    assert told([named[name] for name in shown], minimum) is None


@pytest.mark.long
@given(nested(), st.integers(2, 4))
@settings(max_examples=60, deadline=None)
def test_what_is_withheld_would_have_told(figures: list[Parts], minimum: int) -> None:
    named = {str(number): figure for number, figure in enumerate(figures)}
    shown = visible(named, dict.fromkeys(HOMES, 1), minimum)
    for name in named.keys() - shown:
        before = [named[one] for one in shown if int(one) < int(name)]
        assert told([*before, named[name]], minimum)


def test_a_figure_of_few_is_not_shown() -> None:
    assert shown_of({"few": of(0, 1), "enough": of(2, 3, 4)}) == {"enough"}


def test_of_two_that_differ_in_few_the_first_is_shown() -> None:
    assert shown_of({"all": of(0, 1, 2, 3), "less": of(0, 1, 2)}) == {"all"}


def test_the_same_figure_by_two_names_is_shown_by_both() -> None:
    assert shown_of({"one": of(0, 1, 2), "two": of(0, 1, 2)}) == {"one", "two"}


def test_what_was_seen_counts_for_ever() -> None:
    figures, weights = {"now": of(0, 1, 2, 3)}, dict.fromkeys(HOMES, 1)
    assert visible(figures, weights, 3) == {"now"}
    assert visible(figures, weights, 3, seen=[of(0, 1, 2)]) == set()


def test_days_of_one_household_are_as_much_as_the_household() -> None:
    """Somebody belongs to one of two figures until the middle of the month, and to the other for all of it."""
    leaving = frozenset({("home-8", 0)})
    staying = of(0, 1, 2)
    assert shown_of({"whole": staying | {("home-8", 0), ("home-8", 1)}, "half": staying | leaving}) == {"whole"}


def test_households_count_as_many_as_they_are() -> None:
    assert shown_of({"block": of(0)}, **{"home-0": 40}) == {"block"}


def test_the_fewest_that_tell_are_named() -> None:
    figures = {"city": whole, "west": of(0, 1, 2, 3, 4), "less": of(0, 1, 2, 3), "other": of(4, 5, 6)}
    assert least_telling(figures, dict.fromkeys(HOMES, 1), 3) == ["west", "less"]


@pytest.mark.long
def test_a_hundred_groups_of_a_thousand_homes_are_judged() -> None:
    names = {f"h{number}": 1 for number in range(1000)}
    every = list(names)
    groups = {f"street-{n}": frozenset((home, 0) for home in every[n * 10 : n * 10 + 10]) for n in range(100)}
    quarters = {f"q-{n}": frozenset((home, 0) for home in every[n * 100 : n * 100 + 100]) for n in range(10)}
    figures = {"city": frozenset((home, 0) for home in every), **quarters, **groups}
    assert visible(figures, names, 5) == figures.keys()
