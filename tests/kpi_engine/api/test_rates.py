"""A sender may post so many messages a second, and a store of them at once."""

import pytest

from kpi_engine.api.errors import TooManyRequestsError
from kpi_engine.api.rates import MOST_CALLERS, Rate, RequestRates


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rate(a_second: float, at_once: float) -> Rate:
    return Rate(a_second, at_once, "messages of one sender", "Send it again then")


def taken(rates: RequestRates, sender: bytes, messages: int) -> int:
    """Return how many of so many messages are taken."""
    count = 0
    for _ in range(messages):
        try:
            rates.take(sender)
        except TooManyRequestsError:
            continue
        count += 1
    return count


def test_a_store_is_used_up_and_fills_again_evenly(clock: Clock) -> None:
    rates = RequestRates(rate(2, 5), clock)
    assert taken(rates, b"one", 9) == 5
    clock.now = 1.0
    assert taken(rates, b"one", 9) == 2
    clock.now = 1_000.0
    assert taken(rates, b"one", 9) == 5


def test_each_sender_has_a_store_of_its_own(clock: Clock) -> None:
    rates = RequestRates(rate(2, 5), clock)
    assert [taken(rates, sender, 9) for sender in (b"one", b"other")] == [5, 5]


def test_who_is_refused_is_told_when_to_come_again(clock: Clock) -> None:
    rates = RequestRates(rate(0.1, 1), clock)
    rates.take(b"one")
    with pytest.raises(TooManyRequestsError, match=r"nothing was done\. Send it again then: in 10 s") as refused:
        rates.take(b"one")
    assert refused.value.headers == {"Retry-After": "10"}


def test_many_senders_are_not_remembered_for_ever(clock: Clock) -> None:
    rates = RequestRates(rate(0.1, 1), clock)
    rates.take(b"first")
    for number in range(MOST_CALLERS):
        rates.take(b"%d" % number)
    rates.take(b"first")  # forgotten, so it has a full store
