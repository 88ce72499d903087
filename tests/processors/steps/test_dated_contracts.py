"""Contracts that hold from a day on: each step is read by one of them, and nothing is counted twice or lost between."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.registers import Decrease, RegisterContract, Scope, Swap
from ingest.model.time import DAY, HOUR, from_micros
from tests.processors.register_traces import Register

CHANGED = day_start(date(2026, 3, 1), "Europe/Copenhagen")
RESETS = RegisterContract(on_decrease=Decrease.RESET_TO_ZERO)  # every fall that is no roll-over is a restart
SMALL, LARGE = (RESETS.model_copy(update={"modulus": size}) for size in (1_000.0, 10_000.0))


def around(*values: float, before: int) -> tuple[list[int], list[float]]:
    """Return hourly readings of which ``before`` were made before the change, half past each hour."""
    return [CHANGED + (index - before) * HOUR + HOUR // 2 for index in range(len(values))], list(values)


def test_a_register_rolls_over_at_the_size_it_had_then() -> None:
    grown = Register(SMALL, later=((CHANGED, LARGE),))

    assert grown.total(*around(990, 998, 5, 9, before=4)) == pytest.approx(8 + 7 + 4)
    assert grown.total(*around(5, 9, 9_995, 3, before=1)) == pytest.approx(4 + 9_986 + 8)
    assert grown.total(*around(990, 998, 5, 9, before=0)) == pytest.approx(8 + 5 + 4)  # a restart: it is larger by now


def test_a_step_across_the_day_of_the_change_is_read_by_the_contract_it_began_under() -> None:
    grown = Register(SMALL, later=((CHANGED, LARGE),))

    assert grown.total(*around(995, 5, 6, before=1)) == pytest.approx(10 + 1)
    assert Register(LARGE, later=((CHANGED, SMALL),)).total(*around(995, 5, 6, before=1)) == pytest.approx(5 + 1)


def test_jitter_is_tolerated_from_the_day_it_is_declared() -> None:
    session = RegisterContract(scope=Scope.SESSION)
    declared = Register(session, later=((CHANGED, session.model_copy(update={"jitter": 0.1})),))
    values = [215.6, 215.7, 215.6, 215.7]

    assert declared.total(*around(*values, before=0)) == pytest.approx(0.1)
    assert declared.total(*around(*values, before=4)) == pytest.approx(0.1 + 215.6 + 0.1)


def test_what_was_counted_while_the_scope_changed_is_not_known_and_not_invented() -> None:
    by_day = RegisterContract(scope=Scope.DAY)

    to_lifetime = Register(by_day, later=((CHANGED, RegisterContract()),))
    assert to_lifetime.total(*around(3, 5, 8_000, 8_004, before=2)) == pytest.approx(2 + 4)
    to_days = Register(RegisterContract(), later=((CHANGED, by_day),))
    assert to_days.total(*around(7_998, 8_000, 3, 5, before=2)) == pytest.approx(2 + 3 + 2)


def test_whether_a_replacement_counts_does_not_depend_on_what_is_looked_at() -> None:
    noon = CHANGED + 2 * DAY + 12 * HOUR
    swap = Swap(at=from_micros(noon), closing=6.0, opening=0.0)
    to_days = Register(RegisterContract(), (swap,), later=((CHANGED, RegisterContract(scope=Scope.DAY)),))
    times = [CHANGED - HOUR, CHANGED + HOUR, noon - HOUR // 2, noon + HOUR // 2, noon + 3 * HOUR // 2]
    values = [8_000.0, 1.0, 5.0, 5.5, 7.0]

    wide, narrow = (to_days.rollups(times[first:], values[first:])[-2:] for first in (0, 2))
    assert wide == narrow
    assert [row.total for row in wide] == pytest.approx([1.0, 0.75])  # a register that counts by the day goes on


def test_hours_name_the_contract_that_was_in_force() -> None:
    rows = Register(SMALL, later=((CHANGED, LARGE),)).rollups(*around(1, 2, 3, 4, before=2))

    named = {row.bucket < CHANGED: row.contract for row in rows}
    assert named == {True: SMALL.digest, False: LARGE.digest}


@given(st.lists(st.integers(0, 300), min_size=2, max_size=12), st.integers(0, 12))
def test_a_contract_that_follows_an_equal_one_changes_nothing(values: list[int], before: int) -> None:
    trace = around(*map(float, values), before=min(before, len(values)))
    contract = RegisterContract(jitter=2, modulus=1_000)

    assert Register(contract, later=((CHANGED, contract),)).rollups(*trace) == Register(contract).rollups(*trace)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12), st.integers(0, 12))
def test_a_register_that_only_rises_counts_the_same_whatever_changes(steps: list[int], before: int) -> None:
    values = [100.0 + sum(steps[:index]) for index in range(len(steps) + 1)]
    trace = around(*values, before=min(before, len(values)))
    declared = Register(SMALL, later=((CHANGED, RegisterContract(glitch_readings=3)),))

    assert declared.total(*trace) == pytest.approx(sum(steps))
