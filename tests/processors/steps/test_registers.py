"""What registers counted, by contract: totals are conserved, nothing is counted twice and nothing is invented."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import Period, edges
from ingest.model.registers import Decrease, RegisterContract, Scope, Swap
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, from_micros, to_micros
from processors.steps.rollup import combine
from tests.every import of_every
from tests.processors.register_traces import Register

NOON = to_micros(datetime(2026, 6, 15, 10, tzinfo=UTC))  # noon in Copenhagen
MIDNIGHT = to_micros(datetime(2026, 6, 15, 22, tzinfo=UTC))
CLOCKS_FORWARD = to_micros(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
CLOCKS_BACK = to_micros(datetime(2026, 10, 24, 23, 30, tzinfo=UTC))
LIFETIME = Register()
RESETS = Register(RegisterContract(on_decrease=Decrease.RESET_TO_ZERO))
ROLLS_OVER = Register(RegisterContract(modulus=1e6))
JITTERS = Register(RegisterContract(jitter=0.1))
SESSIONS = Register(RegisterContract(scope=Scope.SESSION))
DAILY = Register(RegisterContract(scope=Scope.DAY))


def every(minutes: int, count: int, start: int = NOON) -> list[int]:
    return [start + index * minutes * MINUTE for index in range(count)]


# Attribution of the first four: worked examples of TimescaleDB's counter aggregate, for which every fall is a restart,
# and which say nothing of what a meter can count; 999984.0625 and the bad zeroes are
# the shape of test cases 3 and 4 of MyEMS; 215.6 is that of an inverter reported by users of Grott.
COUNTED: dict[str, tuple[Register, list[float], float]] = {
    "reset": (RESETS, [30, 10], 10),
    "counting": (RESETS, [10, 30], 20),
    "reset then counting": (RESETS, [30, 10, 30], 30),
    "counting then reset": (RESETS, [10, 30, 10], 30),
    "a fall and back to where it was": (LIFETIME, [30, 10, 30], 0),
    "a spike and back to where it was": (LIFETIME, [10, 30, 10], 0),
    "one zero and back": (LIFETIME, [30, 0, 31], 1),
    "zeros and back to where it was": (LIFETIME, [30, 0, 0, 0, 30, 30.5], 0.5),
    "bad zeroes for a quarter of an hour": (LIFETIME, [1103300, *[0] * 12, 1103325.75, 1103349], 49),
    "a reset to zero that stays": (LIFETIME, [30, 0, 0, 5, 9], 9),
    "a reset that stays below for long": (LIFETIME, [30, 0, 9, 18, 27, 36], 36),
    "zero to begin with": (LIFETIME, [0, 0, 31], 31),
    "zero at the end": (LIFETIME, [30, 31, 0], 1),
    "two glitches": (LIFETIME, [30, 0, 31, 0, 32], 2),
    "no glitch is declared": (Register(RegisterContract(glitch_readings=0)), [30, 0, 31], 31),
    "longer than the declared glitch": (Register(RegisterContract(glitch_readings=2)), [30, 0, 0, 0, 31], 31),
    "as long as the declared glitch": (Register(RegisterContract(glitch_readings=2)), [30, 0, 0, 31], 1),
    "roll-over": (ROLLS_OVER, [999984.0625, 999984.0625, 20, 20], 35.9375),
    "roll-over of a register that nobody declared": (LIFETIME, [999984.0625, 20], 20),
    "a fall far below the modulus is a reset": (ROLLS_OVER, [600_000, 10], 10),
    "twice over": (ROLLS_OVER, [999_990, 5, 500_000, 999_999, 1], 15 + 499_995 + 499_999 + 2),
    "a roll-over faster than the register can count": (
        Register(RegisterContract(modulus=1e6, max_increase_per_hour=30)),
        [999984.0625, 20],
        0,  # nor can it have counted 20 since it restarted: nobody knows
    ),
    "a slow roll-over from half-way": (
        Register(RegisterContract(modulus=1000, max_increase_per_hour=600)),
        [500, 0.5],
        500.5,
    ),
    "jitter": (JITTERS, [215.6, 215.7, 215.6], 0.1),
    "jitter for long": (JITTERS, [215.6, 215.7] * 50, 0.1),
    "jitter while counting": (JITTERS, [215.6, 215.7, 215.6, 215.8, 215.7, 216.0], 0.4),
    "jitter and a fall to more than can have been counted since": (JITTERS, [215.6, 215.7, 215.6, 3.0, 2.9, 3.1], 0.2),
    "jitter and a reset": (JITTERS, [215.6, 215.7, 215.6, 0.05, 0.04, 0.15], 0.1 + 0.15),
    "jitter around a glitch": (JITTERS, [215.6, 215.7, 0, 215.6, 215.7], 0.1),
    "one digit too much that nobody declared": (LIFETIME, [215.6, 215.7, 215.6, 215.8], 0.2),
    "a digit less after years": (LIFETIME, [48_000.05, 48_000.03, 48_001.03], 1.0),
    "a hundredth less is no reset": (LIFETIME, [1000, 989.9], 0),
    "less than half is one, where nothing else is known": (LIFETIME, [1000, 489.9], 489.9),
    "a session as long as the one before": (SESSIONS, [0, 5, 4.98], 9.98),
    "sessions": (SESSIONS, [0, 2, 5, 0.5, 3], 8),
    "sessions that begin with zero": (SESSIONS, [5, 0, 5.5], 5.5),
    "a step that cannot be": (Register(RegisterContract(max_increase_per_hour=50)), [30, 5347, 5348], 1),
    "a coarse register moves by a whole unit": (Register(RegisterContract(max_increase_per_hour=50)), [30, 31, 32], 2),
}


@pytest.mark.long
@of_every(COUNTED)
def test_registers_count(case: tuple[Register, list[float], float]) -> None:
    register, values, expected = case
    for start in (NOON, CLOCKS_FORWARD, CLOCKS_BACK):
        times = every(10, len(values), start)
        assert register.total(times, values) == pytest.approx(expected, rel=1e-9, abs=1e-9), start
        assert all((row.total or 0.0) >= 0.0 for row in register.rollups(times, values)), start


def test_a_glitch_is_counted_as_rejected_and_not_in_the_extremes() -> None:
    (row,) = LIFETIME.rollups(every(10, 4), [30.0, 0.0, 31.0, 32.0])
    assert (row.count, row.rejected, row.minimum, row.maximum) == (3, 1, 30.0, 32.0)
    assert row.measured == 30 * 60


def test_a_glitch_in_an_hour_of_its_own_leaves_that_hour_its_share() -> None:
    rows = LIFETIME.rollups(every(60, 3), [30.0, 0.0, 32.0])
    assert [(row.total, row.count, row.rejected) for row in rows] == [(1.0, 1, 0), (1.0, 0, 1), (None, 1, 0)]


def test_each_hour_says_by_which_contract_it_was_made() -> None:
    rows = {register.rollups(every(10, 2), [1.0, 2.0])[0].contract for register in (LIFETIME, ROLLS_OVER, JITTERS)}
    assert len(rows) == 3
    assert LIFETIME.rollups(every(10, 2), [1.0, 2.0])[0].contract == RegisterContract().digest


def test_a_day_made_by_two_contracts_names_none() -> None:
    hours = [*LIFETIME.rollups(every(60, 2), [1.0, 2.0])[:1], *JITTERS.rollups(every(60, 2), [1.0, 2.0])[:1]]
    assert combine(hours, NOON, NOON + DAY).contract == 0


def test_what_a_daily_register_counts_before_midnight_unseen_is_not_invented() -> None:
    times = [MIDNIGHT - 30 * MINUTE, MIDNIGHT - 15 * MINUTE, MIDNIGHT + 15 * MINUTE, MIDNIGHT + 30 * MINUTE]
    before, after = DAILY.rollups(times, [10.0, 12.0, 0.5, 14.0])
    assert (before.total, before.covered_to, before.measured) == (2.0, MIDNIGHT, 15 * 60)
    assert before.measured_to == MIDNIGHT - 15 * MINUTE
    assert (after.total, after.covered_from, after.measured_from) == (14.0, MIDNIGHT, MIDNIGHT)


def test_a_daily_register_that_reads_more_than_yesterday_started_from_zero_all_the_same() -> None:
    assert DAILY.total([MIDNIGHT - HOUR, MIDNIGHT + HOUR], [3.0, 5.0]) == 5.0


def test_a_daily_register_read_at_midnight_closes_the_day() -> None:
    rows = DAILY.rollups([MIDNIGHT - HOUR, MIDNIGHT, MIDNIGHT + HOUR], [3.0, 4.0, 1.5])
    assert [row.total for row in rows] == [1.0, 1.5, None]
    assert rows[0].is_bounded
    assert rows[1].is_bounded


@pytest.mark.parametrize("before", [[], [3.0], [4.0]])
def test_a_daily_register_that_repeats_after_midnight_what_it_closed_the_day_with_counts_nothing(
    before: list[float],
) -> None:
    times = [MIDNIGHT - HOUR, MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR][-len(before) - 3 :]
    rows = DAILY.rollups(times, [*before, 4.0, 4.0, 1.5])
    assert sum(row.total or 0.0 for row in rows if row.bucket >= MIDNIGHT) == pytest.approx(1.5)


def test_a_daily_register_that_fell_back_by_midnight_opens_the_day() -> None:
    rows = DAILY.rollups([MIDNIGHT - HOUR, MIDNIGHT, MIDNIGHT + HOUR], [3.0, 0.25, 1.5])
    assert [row.total for row in rows] == [0.0, 1.5, None]
    assert rows[0].measured == 0.0


def test_days_of_a_daily_register_that_nobody_saw_count_nothing_and_say_what_they_may_have_been() -> None:
    rows = DAILY.rollups([MIDNIGHT - 5 * HOUR, MIDNIGHT + 3 * DAY + 2 * HOUR], [3.0, 1.0])
    assert [row.bucket for row in rows if row.total] == [MIDNIGHT + 3 * DAY, MIDNIGHT + 3 * DAY + HOUR]
    unseen = [row for row in rows if MIDNIGHT <= row.bucket < MIDNIGHT + 3 * DAY]
    assert len(unseen) == 72
    assert {row.measured for row in unseen} == {0.0}
    assert all(row.doubt_above == pytest.approx(1.0) for row in unseen)  # twice what its one seen hour counted


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 9, 6, 18, 30, tzinfo=UTC)),
        ("America/St_Johns", datetime(2026, 3, 8, 3, 30, tzinfo=UTC)),
    ],
)
def test_a_daily_register_starts_at_the_midnight_of_its_city(zone: str, night: datetime) -> None:
    midnight = to_micros(night)
    rows = Register(RegisterContract(scope=Scope.DAY), zone=zone).rollups([midnight - 1, midnight + HOUR], [9.0, 2.0])
    assert sum(row.total or 0.0 for row in rows if row.bucket >= midnight) == pytest.approx(2.0)
    assert sum(row.total or 0.0 for row in rows if row.bucket < midnight) == 0.0


def replaced(closing: float | None, opening: float | None, at: int = NOON + 45 * MINUTE) -> Register:
    return Register(swaps=(Swap(at=from_micros(at), closing=closing, opening=opening),))


def test_a_replaced_meter_goes_on_without_a_step() -> None:
    register = replaced(closing=5347.6, opening=12.0)
    rows = register.rollups(every(30, 5), [5346.0, 5347.0, 12.5, 13.0, 14.0])
    assert sum(row.total or 0.0 for row in rows) == pytest.approx(1.0 + 0.6 + 0.5 + 0.5 + 1.0)
    assert all(row.estimated == 0.0 for row in rows)
    assert sum(row.measured for row in rows) == 2 * 3600


def test_a_new_meter_that_reads_more_than_the_old_one_adds_no_step() -> None:
    assert replaced(100.5, 8000.0).total(every(30, 4), [99.0, 100.0, 8000.5, 8001.0]) == pytest.approx(2.5)


def test_what_nobody_read_at_a_replacement_is_not_invented_and_not_measured() -> None:
    register = replaced(closing=None, opening=None)
    rows = register.rollups(every(30, 4), [99.0, 100.0, 8000.5, 8001.0])
    assert sum(row.total or 0.0 for row in rows) == pytest.approx(1.5)
    assert sum(row.measured for row in rows) == 3600  # of an hour and a half


def test_an_unread_replacement_in_a_long_silence_may_have_counted_as_fast_as_the_new_meter_does() -> None:
    register = replaced(closing=None, opening=0.0, at=NOON + 10 * HOUR)
    rows = register.rollups([NOON, NOON + 20 * HOUR], [99.0, 5.0])
    assert sum(row.total or 0.0 for row in rows) == pytest.approx(5.0)
    assert sum(row.doubt_above or 0.0 for row in rows) == pytest.approx(2 * 0.5 * 10)
    assert {row.measured for row in rows if row.bucket < NOON + 10 * HOUR} == {0.0}


def test_a_closing_reading_below_the_last_one_counts_nothing() -> None:
    assert replaced(closing=90.0, opening=0.0).total(every(30, 3), [99.0, 100.0, 1.0]) == pytest.approx(2.0)


def test_two_replacements_between_two_readings() -> None:
    at = [from_micros(NOON + minutes * MINUTE) for minutes in (10, 20)]
    swaps = (Swap(at=at[0], closing=101.0, opening=0.0), Swap(at=at[1], closing=0.5, opening=7.0))
    assert Register(swaps=swaps).total(every(30, 2), [100.0, 8.0]) == pytest.approx(1.0 + 0.5 + 1.0)


def test_zero_after_a_replacement_is_no_glitch() -> None:
    assert replaced(30.0, 0.0).total(every(30, 4), [29.0, 30.0, 0.0, 31.0]) == pytest.approx(1.0 + 31.0)


def test_a_month_of_silence_keeps_the_total_and_says_that_its_shape_is_not_known() -> None:
    rows = LIFETIME.rollups([NOON, NOON + HOUR, NOON + 31 * DAY, NOON + 31 * DAY + HOUR], [0.0, 1.0, 745.0, 746.0])
    assert sum(row.total or 0.0 for row in rows) == pytest.approx(746.0, rel=1e-12)
    assert sum(row.estimated for row in rows) == pytest.approx(744.0, rel=1e-9)
    assert sum(row.measured for row in rows) == 2 * 3600


# Contracts by which every fall is a restart, so that a person can count reading by reading; what is decided by the
# readings around a fall is held to a known truth in test_known_truth.py.
CONTRACTS = [
    RegisterContract(on_decrease=Decrease.RESET_TO_ZERO),
    RegisterContract(on_decrease=Decrease.RESET_TO_ZERO, jitter=0.1),
    RegisterContract(on_decrease=Decrease.RESET_TO_ZERO, modulus=1000.0),
    RegisterContract(on_decrease=Decrease.RESET_TO_ZERO, modulus=1000.0, jitter=0.1),
    RegisterContract(scope=Scope.SESSION),
    RegisterContract(scope=Scope.DAY, on_decrease=Decrease.RESET_TO_ZERO),
    RegisterContract(scope=Scope.DAY, on_decrease=Decrease.RESET_TO_ZERO, jitter=0.1),
]
AWKWARD = st.one_of(
    st.sampled_from([0.0, 0.0, 215.6, 215.7, 215.8, 30.0, 31.0, 999.9, 0.05, 1.0]),
    st.floats(0, 999).map(lambda x: round(x, 1)),
)


@st.composite
def awkward_traces(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    values = draw(st.lists(AWKWARD, min_size=2, max_size=30))
    steps = draw(st.lists(st.integers(1, 40), min_size=len(values), max_size=len(values)))
    begin = draw(st.sampled_from([NOON, CLOCKS_FORWARD, CLOCKS_BACK, MIDNIGHT - 30 * MINUTE]))
    times = [begin + 15 * MINUTE * sum(steps[: index + 1]) for index in range(len(values))]
    return times, values


@given(awkward_traces(), st.sampled_from(CONTRACTS), st.booleans(), st.booleans())
def test_hours_sum_to_what_a_person_counts(
    trace: tuple[list[int], list[float]], contract: RegisterContract, is_swapped: bool, is_read: bool
) -> None:
    times, values = trace
    swap = Swap(at=from_micros(times[len(times) // 2] - MINUTE), closing=500.0 if is_read else None, opening=None)
    swaps = (swap,) if is_swapped and contract.scope is not Scope.DAY else ()
    register = Register(contract, swaps, max_gap=400 * DAY)
    assert register.total(times, values) == pytest.approx(register.counted(times, values), rel=1e-9, abs=1e-9)


@given(st.lists(st.sampled_from([0.0, 0.03, 0.1, -0.1, -0.04]), min_size=1, max_size=60), st.integers(0, 40))
def test_a_register_that_jitters_counts_what_it_rose_up_to_its_tolerance(noise: list[float], rises: int) -> None:
    values = [500 + rises * index * 0.01 + wobble / 2 for index, wobble in enumerate(noise)]
    times = every(7, len(values))
    total = JITTERS.total(times, values)
    assert abs(total - (values[-1] - values[0])) <= 0.1 + 1e-9
    assert all((row.total or 0.0) >= 0.0 for row in JITTERS.rollups(times, values))


ZONES = ["Europe/Tallinn", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago"]
NIGHTS = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 9, 10, 11)]


@given(
    zone=st.sampled_from(ZONES),
    night=st.sampled_from(NIGHTS),
    steps=st.lists(st.integers(MINUTE, 2 * DAY), min_size=3, max_size=40),
    amounts=st.lists(st.floats(0, 1e3), min_size=40, max_size=40),
)
def test_hours_sum_to_days_to_months_to_years(
    zone: str, night: datetime, steps: list[int], amounts: list[float]
) -> None:
    start = to_micros(night - timedelta(days=10)) // SECOND * SECOND
    times = [start + sum(steps[: index + 1]) for index in range(len(steps))]
    values = [1e5 + sum(amounts[: index + 1]) for index in range(len(steps))]
    parts = Register(zone=zone, max_gap=HOUR).rollups(times, values)
    for period in (Period.DAY, Period.MONTH, Period.YEAR):
        bounds = edges(parts[0].bucket, parts[-1].bucket_end, period, zone).tolist()
        whole = [
            combine([part for part in parts if begin <= part.bucket < end], begin, end)
            for begin, end in pairwise(bounds)
        ]
        assert all(
            any(one.bucket <= part.bucket and part.bucket_end <= one.bucket_end for one in whole) for part in parts
        )
        assert sum(one.total or 0.0 for one in whole) == pytest.approx(values[-1] - values[0], rel=1e-9, abs=1e-6)
        assert sum(one.measured for one in whole) == pytest.approx(sum(part.measured for part in parts))
        parts = whole
