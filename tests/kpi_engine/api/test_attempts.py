"""Wrong logins make the next one of the same address wait, for a while."""

from dataclasses import dataclass

from kpi_engine.api.attempts import FORGIVEN, LONGEST, MEMORY_SECONDS, MOST_ADDRESSES, Attempts


@dataclass
class Clock:
    """A clock that stands still."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the time that was set."""
        return self.now


def test_a_few_mistakes_cost_nothing_and_more_cost_more_and_more() -> None:
    attempts = Attempts(Clock())
    delays = []
    for _ in range(FORGIVEN + 50):
        delays.append(attempts.delay("10.0.0.1"))
        attempts.failed("10.0.0.1")
    assert delays[: FORGIVEN + 1] == [0.0] * (FORGIVEN + 1)
    assert delays[FORGIVEN + 1] > 0.0
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST


def test_other_addresses_do_not_wait() -> None:
    attempts = Attempts(Clock())
    for _ in range(50):
        attempts.failed("10.0.0.1")
    assert attempts.delay("10.0.0.2") == 0.0


def test_a_minute_without_mistakes_is_enough() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(50):
        attempts.failed("10.0.0.1")
    clock.now += MEMORY_SECONDS
    assert attempts.delay("10.0.0.1") == 0.0


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    attempts = Attempts(Clock())
    for _ in range(50):
        attempts.failed("oldest")
    for number in range(MOST_ADDRESSES):
        attempts.failed(str(number))
    assert attempts.delay("oldest") == 0.0
