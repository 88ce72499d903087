"""Residuals of many buckets at once: sums first, never partial, and why there is no value."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.spans import FOREVER
from ingest.model.time import HOUR
from kpi_engine.boundary.metering import NoFigure
from kpi_engine.formulas.water import heat_per_volumes
from kpi_engine.residuals.columns import NO_WATER, Residuals, compute
from kpi_engine.residuals.declared import CARRIED, BalanceMember, Residual
from kpi_engine.windows.stored_amounts import StoredAmounts

NAN = float("nan")
MAIN, LEFT, RIGHT = 1, 2, 3
BALANCE = Residual(
    "town",
    "main",
    "heat_meter_balance",
    "UTC",
    (
        BalanceMember(MAIN, "main", "heat_energy", "main", -FOREVER, FOREVER),
        BalanceMember(LEFT, "left", "heat_energy", "submeter", -FOREVER, FOREVER),
        BalanceMember(RIGHT, "right", "heat_energy", "submeter", -FOREVER, FOREVER),
    ),
)
METER = Residual(
    "town",
    "meter",
    CARRIED,
    "UTC",
    tuple(
        BalanceMember(number, "meter", quantity, None, -FOREVER, FOREVER)
        for number, quantity in enumerate(
            ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature"), 1
        )
    ),
)


def known(*totals: float, estimated: float = 0.0, first: int = 0) -> StoredAmounts:
    """Return the amounts of consecutive hours."""
    hours = np.arange(first, first + len(totals)) * HOUR
    return StoredAmounts(hours, np.array(totals), np.full(len(totals), estimated))


def hourly(one: Residual, hours: int, of: dict[int, StoredAmounts]) -> Residuals:
    edges = np.arange(hours + 1) * HOUR
    return compute(one, edges, edges, of)


def test_a_residual_is_what_goes_in_less_what_comes_out() -> None:
    found = hourly(BALANCE, 2, {MAIN: known(10.0, 7.0), LEFT: known(4.0, 4.0), RIGHT: known(5.0, 5.0)})
    assert found.value.tolist() == [1.0, -2.0]
    assert found.reference.tolist() == [10.0, 7.0]
    assert found.reasons == {}


def test_one_meter_that_is_not_known_leaves_no_residual_and_is_named() -> None:
    found = hourly(BALANCE, 2, {MAIN: known(10.0, 7.0), LEFT: known(4.0), RIGHT: known(NAN, 5.0)})
    assert np.isnan(found.value).all()
    assert np.isnan(found.reference).all()
    assert found.reasons == {0: "not known from edge to edge: right", 1: "not known from edge to edge: left"}


def test_many_meters_that_are_not_known_are_counted() -> None:
    subs = [BalanceMember(n, f"m{n}", "heat_energy", "submeter", -FOREVER, FOREVER) for n in range(2, 8)]
    found = hourly(replace(BALANCE, members=(BALANCE.members[0], *subs)), 1, {MAIN: known(1.0)})
    assert found.reasons == {0: "not known from edge to edge: m2, m3, m4 and 3 more"}


def test_hours_in_which_nothing_is_known_have_no_row() -> None:
    found = hourly(BALANCE, 5, {MAIN: known(1.0, first=1), LEFT: known(1.0, first=3)})
    assert (found.bucket // HOUR).tolist() == [1, 3]
    assert ((found.bucket_end - found.bucket) // HOUR).tolist() == [1, 1]


def test_a_submeter_counts_while_it_is_valid() -> None:
    late = replace(BALANCE.members[2], valid_from=HOUR)
    found = hourly(
        replace(BALANCE, members=(*BALANCE.members[:2], late)),
        2,
        {MAIN: known(10.0, 10.0), LEFT: known(4.0, 4.0), RIGHT: known(NAN, 5.0)},
    )
    assert found.value.tolist() == [6.0, 1.0]


def test_the_estimated_part_is_that_of_all_that_is_read() -> None:
    of = {MAIN: known(10.0, estimated=2.0), LEFT: known(4.0, estimated=1.0), RIGHT: known(5.0)}
    assert hourly(BALANCE, 1, of).estimated.tolist() == [3.0]


def test_a_balance_that_is_refused_has_its_reason_in_every_row() -> None:
    of = {MAIN: known(10.0), LEFT: known(4.0), RIGHT: known(5.0)}
    found = hourly(replace(BALANCE, refusals=(NoFigure(-FOREVER, FOREVER, "nobody knows"),)), 1, of)
    assert np.isnan(found.value).all()
    assert found.reasons == {0: "nobody knows"}


@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), min_size=4, max_size=24))
def test_a_longer_bucket_is_the_residual_of_sums(hours: list[tuple[int, int, int]]) -> None:
    of = {number: known(*map(float, column)) for number, column in enumerate(zip(*hours, strict=True), 1)}
    parts = np.arange(len(hours) + 1) * HOUR
    cuts = np.array([0, len(hours) // 2, len(hours)]) * HOUR
    short, long = compute(BALANCE, parts, parts, of), compute(BALANCE, cuts, parts, of)
    assert long.value.tolist() == [
        sum(a - b - c for a, b, c in part) for part in (hours[: len(hours) // 2], hours[len(hours) // 2 :])
    ]
    assert short.value.sum() == long.value.sum()


def test_heat_counted_is_held_against_what_the_water_carried() -> None:
    of = {1: known(60.0, 60.0), 2: known(1.0, 3.0), 3: known(80.0, 180.0), 4: known(30.0, 60.0)}
    edges, parts = np.array([0, 2 * HOUR]), np.arange(3) * HOUR
    carried = 4.0 * heat_per_volumes(np.array([260.0 / 4.0]), np.array([90.0 / 4.0])).item()
    found = compute(METER, edges, parts, of)
    assert found.value.tolist() == [pytest.approx(120.0 - carried)]  # k of the whole, not the sum of two
    assert found.reference.tolist() == [pytest.approx(carried)]


def test_water_that_stands_still_carries_nothing() -> None:
    found = hourly(METER, 1, {1: known(0.5), 2: known(0.0), 3: known(0.0), 4: known(0.0)})
    assert (found.value.tolist(), found.reference.tolist()) == ([0.5], [0.0])


@pytest.mark.parametrize(("volume", "warm", "cold"), [(1.0, 30.0, 80.0), (1.0, 180.0, 40.0), (-1.0, -80.0, -40.0)])
def test_water_that_cannot_be_leaves_no_residual(volume: float, warm: float, cold: float) -> None:
    found = hourly(METER, 1, {1: known(5.0), 2: known(volume), 3: known(warm), 4: known(cold)})
    assert np.isnan(found.value).all()
    assert found.reasons == {0: NO_WATER}
