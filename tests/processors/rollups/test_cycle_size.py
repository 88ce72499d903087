"""A cycle takes on what the machine does in seconds."""

from processors.rollups.cycle_size import LEAST_HOURS, MOST_HOURS, CycleSize


def test_it_begins_with_all_that_is_committed_at_once_and_stays_there_while_cycles_are_short() -> None:
    size = CycleSize()
    size.adapt(0.3)
    assert size.hours == MOST_HOURS


def test_a_long_cycle_halves_the_next_one_down_to_a_limit() -> None:
    size = CycleSize()
    size.adapt(60.0)
    assert size.hours == MOST_HOURS // 2
    for _ in range(20):
        size.adapt(60.0)
    assert size.hours == LEAST_HOURS


def test_a_cycle_of_some_seconds_changes_nothing_and_short_ones_lead_back() -> None:
    size = CycleSize()
    for seconds in (60.0, 60.0, 5.0):
        size.adapt(seconds)
    assert size.hours == MOST_HOURS // 4
    for _ in range(5):
        size.adapt(1.0)
    assert size.hours == MOST_HOURS
