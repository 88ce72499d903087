"""A loop that hangs says so by its age, with what holds it up as soon as that is known."""

from datetime import UTC

import pytest

from deploy.progress import Loop, Progress, Waiting

MEANS = "readings are not being stored"


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the present."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def loop(clock: Clock) -> Loop:
    return Loop("storing", MEANS, patience=40, clock=clock)


def test_a_loop_without_work_is_never_late(loop: Loop, clock: Clock) -> None:
    with loop.piece():
        clock.now += 1
    clock.now += 1000
    assert loop.in_hand == 0
    assert Progress([loop]).causes() == {}


def test_a_loop_whose_work_takes_too_long_is_a_cause(loop: Loop, clock: Clock) -> None:
    with loop.piece():
        clock.now += 39
        assert Progress([loop]).causes() == {}
        clock.now += 2
        cause = Progress([loop]).causes()["storing"]
    since = loop.since.astimezone(UTC)
    assert cause.sentence == (
        f"{MEANS} since {since:%H:%M:%S}Z: it takes longer than 40 s, and nothing is known that holds it up"
    )


def test_a_piece_that_fails_stays_in_hand_until_it_is_done(loop: Loop, clock: Clock) -> None:
    def fail() -> None:
        with loop.piece():
            clock.now += 10
            raise OSError("away")

    for _ in range(5):
        with pytest.raises(OSError, match="away"):
            fail()
    assert loop.in_hand == 50
    with loop.piece():
        pass
    assert loop.in_hand == 0


def test_what_is_known_to_hold_a_loop_up_is_told_early(loop: Loop, clock: Clock) -> None:
    progress = Progress([loop])
    progress.why = lambda: "it waits for a lock on ledger, held by database session 7 (psql, of ops)"
    with loop.piece():
        clock.now += 7
        assert progress.causes() == {}
        clock.now += 2
        assert progress.is_held_up
        assert progress.causes()["storing"].sentence.endswith("held by database session 7 (psql, of ops)")


def test_what_waits_is_a_cause_only_where_it_has_to_be_done_in_time() -> None:
    late, history = Waiting("message", lambda: 130.0, patience=120.0), Waiting("mark", lambda: 5000.0)
    progress = Progress([], [late, history])
    assert list(progress.causes()) == ["oldest message"]
    assert progress.backlog() == {"message": 130.0, "mark": 5000.0}
