"""Live readings come on time beside the past, in-flight messages are bounded, and only what was acknowledged counts."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ingest.model.time import DAY, SECOND
from simulators.device import SimulatedDevice
from simulators.faults import afflict
from simulators.history import Journal, Stretch, plan
from simulators.publish import HISTORY_IN_FLIGHT, Pace, Receipt, Simulation, Surroundings
from simulators.tempo import FIRST, Tempo
from simulators.transmitter import Transmitter
from tests.simulators.remembered import remembered

START = 1_780_000_000_500_000
NAMES = ["meter-house-01", "meter-house-02", "weather"]


@dataclass
class World:
    """A broker and a clock in one: waiting is what makes time pass, and the broker acknowledges as told."""

    journal: Journal
    answers: bool = True
    now: int = START
    sent: list[tuple[int, str, bytes | str]] = field(default_factory=list)
    pending: list[Receipt] = field(default_factory=list)
    answer: bytes = b""
    most_history: int = 0
    arrived: int = 0

    def publish(self, topic: str, payload: bytes | str, receipt: Receipt) -> bool:
        """Note a message and when it was sent."""
        self.sent.append((self.now, topic, payload))
        self.pending.append(receipt)
        self.most_history = max(self.most_history, sum(each.history for each in self.pending))
        return True

    def receipts(self) -> list[Receipt]:
        """Acknowledge everything, or nothing."""
        done = self.pending if self.answers else []
        self.pending = [] if self.answers else self.pending
        return done

    def feedback(self) -> list[bytes]:
        """Return how late readings were, where anybody gives feedback."""
        return [self.answer] if self.answer else []

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += max(1, int(seconds * SECOND))

    def count(self, arrived: int) -> None:
        """Hear of the progress of history."""
        self.arrived = arrived

    def telemetry(self, name: str) -> list[tuple[int, list[int]]]:
        """Return when each message of a device was sent, and the event times in it."""
        topic = f"pharos/v1/sonderborg-demo/{name}/telemetry"
        return [(at, _times(payload)) for at, where, payload in self.sent if where == topic]


def _times(payload: bytes | str) -> list[int]:
    document = json.loads(payload)
    samples = document if isinstance(document, list) else [document]
    return [int(np.datetime64(sample["time"].removesuffix("Z"), "us").astype(np.int64)) for sample in samples]


Run = Callable[..., World]


@pytest.fixture(scope="module")
def chosen(devices: dict[str, SimulatedDevice]) -> list[SimulatedDevice]:
    """Return the devices that speak; most tests let them say the same past."""
    return [remembered(devices[name]) for name in NAMES]


@pytest.fixture
def run(chosen: list[SimulatedDevice], tmp_path: Path) -> Run:
    """Return a function that simulates for some seconds and returns the world afterwards."""

    def run(
        seconds: int, days: int = 0, answers: bool = True, faults: tuple[str, ...] = (), feedback: bytes = b""
    ) -> World:
        journal = Journal(tmp_path / "simulator.json", "city")
        world = World(journal, answers, answer=feedback)
        afflicted = afflict(faults, chosen, 1, START)
        transmitters = [Transmitter(device, afflicted[device.name]) for device in chosen]
        past = plan(journal, NAMES, Stretch(START - days * DAY, START))
        surroundings = Surroundings(world, journal, lambda: world.now, world.count)
        pace = Pace(live=dict.fromkeys(NAMES, 10 * SECOND), history=Tempo())
        simulation = Simulation(transmitters, pace, surroundings)
        simulation.run(past, lambda: world.now > START + seconds * SECOND)
        return world

    return run


def test_each_device_speaks_at_its_interval_with_the_time_it_speaks(run: Run) -> None:
    world = run(seconds=60)
    for name in NAMES:
        messages = world.telemetry(name)
        assert len(messages) == 6
        assert all(at - 100_000 < event <= at for at, (event,) in messages)
        assert {b[1][0] - a[1][0] for a, b in pairwise(messages)} == {10 * SECOND}


@pytest.mark.long
def test_live_readings_are_on_time_while_history_is_filled_in(run: Run) -> None:
    world = run(seconds=20, days=220)
    for name in NAMES:
        live = [(at, times[0]) for at, times in world.telemetry(name) if len(times) == 1]
        assert len(live) == 2
        assert all(at - event < SECOND for at, event in live)


@pytest.mark.long
def test_history_comes_newest_day_first_and_at_its_pace(run: Run) -> None:
    world = run(seconds=20, days=100)
    for name in NAMES:
        days = [times[0] // DAY for _, times in world.telemetry(name) if len(times) > 1]
        assert days == sorted(days, reverse=True)
        assert days[0] == START // DAY
    assert world.arrived == 303
    assert run(seconds=5, days=400).arrived == pytest.approx(5 * FIRST, rel=0.1)


@pytest.mark.long
def test_history_comes_faster_while_live_readings_are_on_time_and_slower_while_they_are_not(run: Run) -> None:
    assert run(seconds=10, days=400, feedback=b'{"clock_offset_s": -0.2}').arrived > 1.5 * 10 * FIRST
    assert run(seconds=10, days=400, feedback=b'{"clock_offset_s": -9.0}').arrived < 0.3 * 10 * FIRST


def test_a_broker_that_does_not_answer_is_not_flooded(run: Run) -> None:
    world = run(seconds=60, days=100, answers=False)
    assert world.most_history == HISTORY_IN_FLIGHT
    assert world.arrived == 0
    assert len(world.telemetry("weather")) == 6 + HISTORY_IN_FLIGHT // 3


def test_only_what_was_acknowledged_is_not_sent_again(run: Run) -> None:
    unheard = run(seconds=2, days=2, answers=False)
    heard = run(seconds=2, days=2)
    assert [times for _, times in heard.telemetry("weather") if len(times) > 1] == [
        times for _, times in unheard.telemetry("weather") if len(times) > 1
    ]
    resumed = run(seconds=2, days=2)
    assert not [times for _, times in resumed.telemetry("weather") if len(times) > 1]


def test_what_the_broker_acknowledges_after_the_last_word_is_not_sent_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(self: World, seconds: float) -> None:
        self.now += max(1, int(seconds * SECOND))
        self.answers = self.sent[-1][2] == "offline"

    with monkeypatch.context() as patched:
        patched.setattr(World, "wait", slow)
        sent = [times for _, times in run(seconds=2, days=2, answers=False).telemetry("weather") if len(times) > 1]
    assert sent
    assert not [times for _, times in run(seconds=2, days=2).telemetry("weather") if len(times) > 1]


def test_history_and_live_agree_on_every_register(run: Run, devices: dict[str, SimulatedDevice]) -> None:
    world = run(seconds=30, days=1)
    device = devices["meter-house-01"]
    for _, topic, payload in world.sent:
        if topic == "pharos/v1/sonderborg-demo/meter-house-01/telemetry":
            document = json.loads(payload)
            for sample in document if isinstance(document, list) else [document]:
                truth = device.read(np.array(_times(json.dumps(sample))))
                assert sample["values"]["heat_energy"] == round(float(truth["heat_energy"][0]), 4)


def test_a_silent_device_says_nothing_and_its_past_still_completes(run: Run) -> None:
    world = run(seconds=30, days=3, faults=("silence:weather",))
    assert max(max(times) for _, times in world.telemetry("weather")) < START - 6 * 3600 * SECOND
    assert world.arrived == 12
    assert [stretch.begin for stretch in world.journal.filled("weather")] == [START - 3 * DAY]


@pytest.mark.long
def test_late_messages_are_sent_after_their_time(run: Run) -> None:
    world = run(seconds=600, faults=("late:weather",))
    lags = [at - event for at, (event,) in world.telemetry("weather")]
    assert max(lags) > 30 * SECOND
    assert [event for _, (event,) in world.telemetry("weather")] != sorted(
        event for _, (event,) in world.telemetry("weather")
    )


def test_after_a_long_pause_live_readings_start_afresh(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleepy(self: World, seconds: float) -> None:
        self.now += 3600 * SECOND if len(self.sent) == 10 else max(1, int(seconds * SECOND))

    monkeypatch.setattr(World, "wait", sleepy)
    world = run(seconds=3660)
    assert max(len(world.telemetry(name)) for name in NAMES) < 12
    assert all(at - event < SECOND for at, (event,) in world.telemetry("weather"))


def test_devices_say_online_at_the_beginning_and_offline_at_the_end(run: Run) -> None:
    world = run(seconds=10)
    statuses = [(topic, payload) for _, topic, payload in world.sent if topic.endswith("/status")]
    assert statuses == [
        (f"pharos/v1/sonderborg-demo/{name}/status", status) for status in ("online", "offline") for name in NAMES
    ]
