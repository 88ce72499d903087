"""A stale device never looks live, whatever arrives when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.freshness import GRACE, LastSeen, State, state
from ingest.model.time import DAY, HOUR, MINUTE

NOW = 1_700_000_000_000_000
INTERVAL = 10 * MINUTE


def heard(observed_ago: int, received_ago: int | None = None, refused_ago: int | None = None) -> LastSeen:
    return LastSeen(
        observed_at=NOW - observed_ago,
        received_at=NOW - (observed_ago if received_ago is None else received_ago),
        clock_refused_at=None if refused_ago is None else NOW - refused_ago,
    )


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (heard(0), State.LIVE),
        (heard(2 * INTERVAL + GRACE), State.LIVE),
        (heard(2 * INTERVAL + GRACE + 1), State.STALE),
        (heard(10 * INTERVAL + GRACE), State.STALE),
        (heard(10 * INTERVAL + GRACE + 1), State.SILENT),
        (heard(DAY, received_ago=MINUTE), State.LATE),
        (heard(DAY, received_ago=HOUR), State.SILENT),
        (heard(HOUR, refused_ago=MINUTE), State.CLOCK_WRONG),
        (heard(MINUTE, refused_ago=HOUR), State.LIVE),
        (heard(DAY, refused_ago=HOUR * 3), State.SILENT),
        (LastSeen(clock_refused_at=NOW), State.CLOCK_WRONG),
        (LastSeen(), State.SILENT),
    ],
)
def test_a_device_is_judged_by_the_time_of_its_newest_observation(last: LastSeen, expected: State) -> None:
    assert state(last, INTERVAL, NOW) is expected


def test_a_reading_slightly_ahead_of_our_clock_is_live() -> None:
    assert state(heard(-MINUTE), INTERVAL, NOW) is State.LIVE


@given(
    observed_ago=st.integers(0, 400 * DAY),
    received_ago=st.integers(0, 400 * DAY),
    refused_ago=st.none() | st.integers(0, 400 * DAY),
    interval=st.integers(1, DAY),
)
def test_nothing_old_is_ever_live(observed_ago: int, received_ago: int, refused_ago: int | None, interval: int) -> None:
    verdict = state(heard(observed_ago, received_ago, refused_ago), interval, NOW)
    if observed_ago > 2 * interval + GRACE:
        assert verdict is not State.LIVE
