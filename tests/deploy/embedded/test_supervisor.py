"""The supervisor restarts what dies, waits longer each time, and stops in reverse order."""

import os
import signal
from pathlib import Path

import pytest

from deploy.embedded.supervisor import StopRequestedError, Supervisor, stopped_by_signals
from deploy.errors import BrokerError


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the present."""
        return self.now


class FakePart:
    """A part whose life is written down."""

    log = Path("logs/part.log")

    def __init__(self, name: str, story: list[str]) -> None:
        self.name = name
        self.story = story
        self.exit_code: int | None = None
        self.refuses = self.takes_long = False

    def start(self) -> None:
        """Start, unless it refuses to."""
        self.launch()

    def is_up(self) -> bool:
        """Tell whether it is up."""
        if self.exit_code is not None:
            raise BrokerError("it ended")
        return not self.takes_long

    def launch(self) -> None:
        """Begin to start, unless it refuses to."""
        if self.refuses:
            raise BrokerError("no room")
        self.exit_code = None
        self.story.append(f"start {self.name}")

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self.exit_code is None

    def die(self, code: int) -> None:
        """End by itself."""
        self.exit_code = code

    def stop(self) -> None:
        """Stop."""
        self.exit_code = 0
        self.story.append(f"stop {self.name}")


@pytest.fixture
def story() -> list[str]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def supervisor(story: list[str], clock: Clock) -> Supervisor:
    return Supervisor(story.append, clock)


def test_parts_stop_in_reverse_order(supervisor: Supervisor, story: list[str]) -> None:
    for name in ("database", "broker", "ingest"):
        supervisor.start(FakePart(name, story))
    del story[:]
    supervisor.stop()
    assert story == ["stop ingest", "stop broker", "stop database"]


def test_a_dead_part_is_announced_and_started_again(supervisor: Supervisor, story: list[str], clock: Clock) -> None:
    part = FakePart("ingest", story)
    supervisor.start(part)
    part.die(-9)
    supervisor.look()
    clock.now += 0.3
    supervisor.look()
    assert story[1:] == [
        "ingest ended by SIGKILL; starting it again in 0.2 s. Its log: logs/part.log",
        "start ingest",
        "ingest was started again",
    ]


def test_the_wait_doubles_up_to_ten_seconds(supervisor: Supervisor, story: list[str], clock: Clock) -> None:
    part = FakePart("ingest", story)
    supervisor.start(part)
    waits = []
    for _ in range(9):
        part.die(1)
        supervisor.look()
        died = clock.now
        while not part.runs:
            clock.now += 0.05
            supervisor.look()
        waits.append(round(clock.now - died, 1))
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(0.2, abs=0.1)
    assert waits[-1] == pytest.approx(10.0, abs=0.1)


def test_the_wait_is_short_again_after_a_steady_run(supervisor: Supervisor, story: list[str], clock: Clock) -> None:
    part = FakePart("ingest", story)
    supervisor.start(part)
    for _ in range(4):
        part.die(1)
        supervisor.look()
        clock.now += 20
        supervisor.look()
    clock.now += 100
    part.die(1)
    supervisor.look()
    assert "starting it again in 0.2 s" in story[-1]


def test_a_part_that_does_not_start_again_is_tried_until_it_does(
    supervisor: Supervisor, story: list[str], clock: Clock
) -> None:
    part = FakePart("broker", story)
    supervisor.start(part)
    part.die(1)
    supervisor.look()
    part.refuses = True
    clock.now += 1
    supervisor.look()
    assert story[-1:] == ["broker does not start: no room; trying again in 0.4 s"]
    part.refuses = False
    clock.now += 1
    supervisor.look()
    assert story[-1:] == ["broker was started again"]


def test_a_part_that_fails_to_start_is_stopped_with_the_others(supervisor: Supervisor, story: list[str]) -> None:
    part = FakePart("broker", story)
    part.refuses = True
    with pytest.raises(BrokerError):
        supervisor.start(part)
    supervisor.stop()
    assert story == ["stop broker"]


def test_a_chore_that_fails_is_announced_and_ends_nothing(supervisor: Supervisor, story: list[str]) -> None:
    def fill_the_disk() -> None:
        raise OSError(28, "No space left on device")

    def interrupt() -> None:
        raise StopRequestedError

    supervisor.start(FakePart("ingest", story))
    with pytest.raises(StopRequestedError):
        supervisor.watch([fill_the_disk, interrupt])
    assert story == ["start ingest", "[Errno 28] No space left on device"]


def test_a_second_signal_does_not_interrupt_the_stop(story: list[str]) -> None:
    def stop_twice() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            story.append("everything stopped")

    with pytest.raises(StopRequestedError, match="SIGTERM"), stopped_by_signals(story.append):
        stop_twice()
    assert story == ["already stopping; everything is being written, please wait", "everything stopped"]


def test_a_part_that_comes_up_slowly_keeps_nobody_else_waiting(
    supervisor: Supervisor, story: list[str], clock: Clock
) -> None:
    database, ingest = FakePart("database", story), FakePart("ingest", story)
    supervisor.start(database)
    supervisor.start(ingest)
    database.takes_long = True
    for part in (database, ingest):
        part.die(-9)
    supervisor.look()
    clock.now += 0.3
    supervisor.look()
    assert "ingest was started again" in story
    assert "database was started again" not in story
    assert supervisor.down() == {"database": "it was started again and is not up yet"}
    database.takes_long = False
    supervisor.look()
    assert story[-1] == "database was started again"
    assert supervisor.down() == {}


def test_a_part_that_ends_while_it_comes_up_is_tried_again(
    supervisor: Supervisor, story: list[str], clock: Clock
) -> None:
    database = FakePart("database", story)
    supervisor.start(database)
    database.takes_long = True
    database.die(-9)
    supervisor.look()
    clock.now += 0.3
    supervisor.look()
    database.die(1)
    supervisor.look()
    assert story[-1] == "database does not start: it ended; trying again in 0.4 s"
