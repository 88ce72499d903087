"""A kill schedule is fair, random within its bounds, and repeatable."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from deploy.crashtest.schedule import LONGEST_SECONDS, SHORTEST_SECONDS, schedule

PARTS = ["database", "broker", "ingest", "process", "kpi", "api"]


@given(st.integers(1, 100), st.integers(0, 1_000_000))
def test_every_part_is_killed_as_often_as_any_other(rounds: int, seed: int) -> None:
    kills = list(schedule(PARTS, rounds, seed))
    assert len(kills) == rounds
    counts = Counter(kill.part for kill in kills)
    assert max(counts.values()) - min(counts[part] for part in PARTS) <= 1
    assert all(SHORTEST_SECONDS <= kill.pause <= LONGEST_SECONDS for kill in kills)


def test_the_same_seed_gives_the_same_schedule_and_another_one_another() -> None:
    assert list(schedule(PARTS, 20, 7)) == list(schedule(PARTS, 20, 7))
    assert list(schedule(PARTS, 20, 7)) != list(schedule(PARTS, 20, 8))
