"""Sessions from any readings: what a register counted is divided among vehicles, never multiplied, never invented."""

from itertools import pairwise
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.registers import RegisterContract, Scope, Swap
from ingest.model.session import SessionFlag
from ingest.model.succession import Succession
from ingest.model.time import HOUR, MINUTE, from_micros
from processors.steps.charging_register import Register, Trace
from processors.steps.session_assembly import assemble

LIFETIME, PER_SESSION = RegisterContract(), RegisterContract(scope=Scope.SESSION)

plugs = st.lists(st.tuples(st.booleans(), st.integers(0, 40)), min_size=2, max_size=60)


def traces(reports: list[tuple[bool, int]], start: float, *, anew: bool = False) -> tuple[Trace, Trace]:
    """Return a quarter-hourly trace: plug, and a register that counts tenths of a kWh while a vehicle is there."""
    register, plugged, values, was_in = start, [], [], False
    for is_in, tenths in reports:
        begins = is_in and not was_in
        register += tenths / 10 if is_in or was_in else 0.0
        register = 0.0 if anew and begins else register
        was_in = is_in
        plugged.append(float(is_in))
        values.append(register)
    times = np.arange(len(reports)) * 15 * MINUTE
    return Trace(times, np.array(plugged)), Trace(times, np.array(values))


@given(plugs, st.floats(0, 1e6))
def test_the_sessions_of_a_lifetime_register_add_up_to_what_it_counted(
    reports: list[tuple[bool, int]], start: float
) -> None:
    plugged, register = traces([(False, 0), *reports], start)
    found = assemble(plugged, Register(register, Succession(LIFETIME)), lambda _: None)
    counted = register.value[-1] - register.value[0]
    assert fsum(one.energy_kwh or 0.0 for one in found) == pytest.approx(counted, abs=1e-6)
    assert not [
        one
        for one in found
        if one.flags & {SessionFlag.NEGATIVE_START, SessionFlag.UNKNOWN_ENERGY, SessionFlag.SESSION_REGISTER}
    ]


@given(plugs, st.sampled_from([LIFETIME, PER_SESSION]))
def test_no_session_has_more_than_its_register_counted_whatever_it_was_declared_to_be(
    reports: list[tuple[bool, int]], contract: RegisterContract
) -> None:
    plugged, register = traces([(False, 0), *reports], 910_031.0)
    for one in assemble(plugged, Register(register, Succession(contract)), lambda _: None):
        assert one.energy_kwh is not None
        assert one.energy_kwh <= register.value[-1] - register.value[0] + 1e-6


@given(plugs)
def test_a_register_that_starts_with_each_session_shows_the_energy_of_each(reports: list[tuple[bool, int]]) -> None:
    plugged, register = traces([(False, 0), *reports, (False, 0)], 0.0, anew=True)
    found = assemble(plugged, Register(register, Succession(PER_SESSION)), lambda _: None)
    ends = np.flatnonzero((plugged.value[1:] == 0) & (plugged.value[:-1] == 1)) + 1
    assert [one.energy_kwh for one in found] == pytest.approx(register.value[ends].tolist(), abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([0.0, 1.0])), unique_by=lambda pair: pair[0]),
    st.lists(st.tuples(st.integers(0, 10_000), st.floats(0, 1e10)), unique_by=lambda pair: pair[0]),
    st.sampled_from([LIFETIME, PER_SESSION, RegisterContract(modulus=1000.0)]),
)
def test_any_readings_come_to_sessions_in_order_that_end_before_the_next_begins(
    plug: list[tuple[int, float]], count: list[tuple[int, float]], contract: RegisterContract
) -> None:
    plugged, register = (
        Trace(np.array([time for time, _ in sorted(pairs)], np.int64), np.array([value for _, value in sorted(pairs)]))
        for pairs in (plug, count)
    )
    found = assemble(plugged, Register(register, Succession(contract)), lambda _: 22.0)
    for one, following in pairwise(found):
        assert one.begin < following.begin
        assert one.end is None or one.begin < one.end <= following.begin
    assert all(one.energy_kwh is None or one.energy_kwh >= 0 for one in found)
    assert all(one.end is not None or one.flags & {SessionFlag.RUNNING, SessionFlag.MISSING_PLUG_OUT} for one in found)


@given(plugs, st.floats(0, 1e5), st.integers(0, 60), st.sampled_from([0.0, 0.5, 0.97, 0.9999, 1.0]))
def test_what_was_delivered_lies_within_the_bounds_whatever_the_register_lost(
    reports: list[tuple[bool, int]], start: float, at: int, kept: float
) -> None:
    plugged, truth = traces([(False, 0), *reports], start)
    shown = truth.value.copy()
    if 0 < at < len(shown) and shown[at] * kept < shown[at - 1]:  # a loss that what was counted hides is seen by nobody
        shown[at:] -= shown[at] * (1.0 - kept)
    contract = RegisterContract(max_increase_per_hour=16.0)  # 4 kWh in a quarter, the most that a trace counts
    register = Register(Trace(truth.time, shown), Succession(contract))
    for one in assemble(plugged, register, lambda _: 22.0):
        if one.end is None and SessionFlag.RUNNING not in one.flags:
            continue
        before = int(np.searchsorted(truth.time, one.begin)) - 1
        after = int(np.searchsorted(truth.time, one.end)) if one.end else -1
        delivered = truth.value[after] - truth.value[before]
        lower, upper = one.between("electricity_energy")
        assert lower - 1e-6 <= delivered <= upper + 1e-6
        assert one.energy_kwh is None or lower <= one.energy_kwh <= upper


def test_each_session_is_read_by_the_contract_of_its_day() -> None:
    times = np.arange(7) * HOUR
    plugged = Trace(times, np.array([0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0]))
    register = Trace(times, np.array([0.0, 10.0, 30.0, 5.0, 10.0, 14.0, 30.0]))
    contracts = Succession(PER_SESSION, ((5 * HOUR, LIFETIME),))
    found = assemble(plugged, Register(register, contracts), lambda _: None)
    assert [one.energy_kwh for one in found] == [30.0, 10.0, 20.0]
    assert not any(one.flags for one in found[1:])


@given(plugs, st.floats(0, 1e6), st.integers(0, 60 * 15), st.floats(0, 1e6))
def test_sessions_do_not_know_that_a_meter_was_replaced_if_both_were_read(
    reports: list[tuple[bool, int]], start: float, minute: int, opening: float
) -> None:
    plugged, register = traces([(False, 0), *reports], start)
    at = minute * MINUTE
    closing = register.value[max(int(np.searchsorted(register.time, at)) - 1, 0)]
    since = register.time >= at
    both = Trace(register.time, np.where(since, register.value - closing + opening, register.value))
    swaps = (Swap(at=from_micros(at), closing=closing, opening=opening),)
    found = assemble(plugged, Register(both, Succession(LIFETIME), swaps), lambda _: None)
    expected = assemble(plugged, Register(register, Succession(LIFETIME)), lambda _: None)
    assert [one.energy_kwh for one in found] == pytest.approx([one.energy_kwh for one in expected], abs=1e-6)
