"""Charging sessions: what is wrong with one is said by flags, and what cannot be is not counted."""

from dataclasses import replace
from math import inf

import pytest

from ingest.model.session import COUNT, ENERGY, Session, SessionFlag, assessed, most_energy, overlapping, own_flags
from ingest.model.time import HOUR, MINUTE


def session(energy: float | None = 5.0, end: int | None = HOUR, begin: int = 0, name: str = "a") -> Session:
    return Session(name, begin, end, energy)


def flags(one: Session, rated: float | None = 22.0) -> set[SessionFlag]:
    return set(own_flags(one, most_energy(one.begin, one.end, rated)))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (session(), set()),
        (session(end=None), {SessionFlag.MISSING_PLUG_OUT}),
        (session(energy=0.0), {SessionFlag.ZERO_ENERGY}),
        (session(energy=None), {SessionFlag.UNKNOWN_ENERGY}),
        (session(energy=-0.02), {SessionFlag.NEGATIVE_START, SessionFlag.IMPLAUSIBLE_ENERGY}),
        (session(energy=910.031), {SessionFlag.IMPLAUSIBLE_ENERGY}),
        (session(energy=910.031, end=None), {SessionFlag.IMPLAUSIBLE_ENERGY, SessionFlag.MISSING_PLUG_OUT}),
    ],
)
def test_what_is_wrong_with_a_session_is_said(one: Session, expected: set[SessionFlag]) -> None:
    assert flags(one) == expected


def test_without_a_rated_power_no_more_is_believed_than_any_plug_carries() -> None:
    assert flags(session(energy=400.0), None) == set()
    assert flags(session(energy=910.031), None) == {SessionFlag.IMPLAUSIBLE_ENERGY}


def test_a_session_counts_though_its_energy_does_not() -> None:
    one = Session("a", 0, HOUR, 910.031, frozenset({SessionFlag.IMPLAUSIBLE_ENERGY}))
    assert (one.amount(COUNT), one.amount(ENERGY)) == (1.0, None)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (session(), (5.0, 5.0)),
        (session(energy=None, end=HOUR - MINUTE), (0.0, 24.2)),  # 22 kW and a tenth, for an hour with its minute
        (session(energy=910.031, end=HOUR - MINUTE), (0.0, 24.2)),
        (session(energy=-0.02, end=HOUR - MINUTE), (0.0, 24.2)),
        (session(energy=None, end=None), (0.0, inf)),
        (replace(session(), lower_kwh=4.0, upper_kwh=5.5), (4.0, 5.5)),
        (replace(session(energy=None, end=None), lower_kwh=4.0, upper_kwh=7.0), (4.0, 7.0)),
        (replace(session(energy=None, end=HOUR - MINUTE), lower_kwh=4.0, upper_kwh=70.0), (4.0, 24.2)),
        (replace(session(energy=60.0, end=HOUR - MINUTE), lower_kwh=60.0, upper_kwh=60.0), (0.0, 24.2)),
    ],
)
def test_the_energy_lies_between_what_is_known_and_the_most_its_point_delivers(
    one: Session, expected: tuple[float, float]
) -> None:
    found = assessed(one, most_energy(one.begin, one.end, 22.0))
    assert found.between(ENERGY) == pytest.approx(expected)
    assert found.between(COUNT) == (1.0, 1.0)


def test_sessions_at_once_overlap_and_such_that_touch_do_not() -> None:
    long, inside = session(name="long", end=3 * HOUR), session(name="inside", begin=HOUR, end=2 * HOUR)
    after = session(name="after", begin=3 * HOUR, end=4 * HOUR)
    assert overlapping([after, inside, long]) == {"long", "inside"}


def test_a_session_without_end_is_over_when_the_next_begins() -> None:
    assert overlapping([session(name="open", end=None), session(name="next", begin=HOUR, end=2 * HOUR)]) == set()
