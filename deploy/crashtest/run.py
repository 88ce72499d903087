"""One crash test: load on, kill, wait until everything has come to rest, compare."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import psycopg

from deploy.crashtest.crash_report import CrashReport, compare
from deploy.crashtest.schedule import Kill, schedule
from deploy.embedded.throwaway import Throwaway, throwaway
from ingest.model.time import HOUR, SECOND
from processors.storage.database import connect
from processors.storage.statements import statements
from simulators.load import MILLISECOND, QUANTITIES, Load
from simulators.load_generator import LoadGenerator, at_rate

SQL: Final = statements(__name__)

DEVICES: Final = 200
START_SECONDS: Final = 60.0  # for a part to be ready
DRAIN_SECONDS: Final = 180.0  # without progress; the broker delivers again what was not acknowledged 30 s before

Announce = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """A report and what led to it; ``rate`` is what was really published, messages a second.

    ``unrest`` says who was not ready where storing stalled before everything acknowledged was stored.
    """

    report: CrashReport
    kills: dict[str, int]
    reconnections: int
    seconds: float
    drain_seconds: float
    rate: float
    unrest: str | None


def crashtest(rounds: int, rate: int, seed: int, announce: Announce) -> Outcome:
    """Publish ``rate`` messages a second, killing one part a round; DeployError when the stack does not recover."""
    load = Load(
        "crashtest", DEVICES, _begin(), step=max(MILLISECOND, DEVICES * SECOND // rate // MILLISECOND * MILLISECOND)
    )
    with throwaway(load.city_file()) as running:
        capacity = int(rate * (rounds * 6 + START_SECONDS + 60))
        generator = LoadGenerator(running.mqtt_url, load, capacity)
        return _Test(running, generator, announce).run(rounds, rate, seed)


class _Test:
    def __init__(self, running: Throwaway, generator: LoadGenerator, announce: Announce) -> None:
        self._running, self._generator, self._announce = running, generator, announce
        self._kills: dict[str, int] = {}

    def run(self, rounds: int, rate: int, seed: int) -> Outcome:
        enough = threading.Event()
        # Only then: a broker rightly drops what is published before anyone has subscribed.
        self._running.wait(self._running.stack.is_ready, "every role to be ready", START_SECONDS)
        publisher = threading.Thread(target=self._generator.publish, args=(enough.is_set, at_rate(rate)), daemon=True)
        publisher.start()
        began = time.monotonic()
        parts = [part.name for part in self._running.supervisor.parts]
        for number, kill in enumerate(schedule(parts, rounds, seed), start=1):
            self._kill(kill, f"{number}/{rounds}")
        due = (time.monotonic() - began) * rate  # the load has to be what was asked for, whatever was down
        self._running.wait(lambda: self._generator.acknowledged >= due, "the publisher to catch up", DRAIN_SECONDS)
        seconds, published = time.monotonic() - began, self._generator.acknowledged
        enough.set()
        self._running.wait(lambda: not publisher.is_alive(), "the broker to acknowledge what was sent", DRAIN_SECONDS)
        drained = time.monotonic()
        at_rest = self._settle()
        with connect(self._running.database_url, "crashtest") as connection:
            report = compare(connection, self._generator)
        return Outcome(
            report,
            self._kills,
            self._generator.reconnections,
            seconds,
            time.monotonic() - drained,
            published / seconds,
            None if at_rest else self._running.unrest(),
        )

    def _kill(self, kill: Kill, progress: str) -> None:
        """Kill a part that runs; one that is just being started again gets the time to."""
        pause = time.monotonic() + kill.pause
        self._running.wait(lambda: time.monotonic() >= pause, "time to pass", START_SECONDS)
        part = next(part for part in self._running.supervisor.parts if part.name == kill.part)
        self._running.wait(lambda: part.exit_code is None, f"{part.name} to be started again", START_SECONDS)
        os.kill(part.pid, signal.SIGKILL)
        self._kills[part.name] = self._kills.get(part.name, 0) + 1
        self._announce(f"{progress}: killed {part.name}; {self._generator.acknowledged:,} messages acknowledged so far")

    def _settle(self) -> bool:
        """Wait until everything acknowledged is stored, for as long as there is progress; False when it stalls."""
        progress = self._progress()
        while not self._is_rest(progress):
            if not self._running.reaches(partial(self._differs_from, progress), DRAIN_SECONDS):
                return False
            progress = self._progress()
        return True

    def _is_rest(self, progress: tuple[int, int]) -> bool:
        stored, marks = progress
        return stored >= self._generator.acknowledged * len(QUANTITIES) and marks == 0

    def _differs_from(self, progress: tuple[int, int]) -> bool:
        return self._progress() != progress

    def _progress(self) -> tuple[int, int]:
        """Return readings stored and marks left; while the database is away, none and one."""
        try:
            with connect(self._running.database_url, "crashtest") as connection:
                stored, marks = connection.execute(SQL["pending"]).fetchone() or (0, 1)
        except psycopg.OperationalError:
            return 0, 1
        return int(stored), int(marks)


def _begin() -> int:
    """Return a whole second an hour ago, so that no event time lies ahead of its arrival."""
    return time.time_ns() // 1000 // SECOND * SECOND - HOUR
