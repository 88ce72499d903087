"""One measurement: publish as fast as ingest keeps up with, until everything is committed; then the yardstick."""

import os
import platform
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from deploy.bench.bare import copy_rate
from deploy.embedded.throwaway import Throwaway, throwaway
from deploy.embedded.wishes import BrokerKind
from ingest.model.time import DAY, SECOND
from processors.storage.database import Connection, connect
from processors.storage.statements import statements
from simulators.load import QUANTITIES, Load
from simulators.load_generator import LoadGenerator

SQL: Final = statements(__name__)

DEVICES: Final = 200
AHEAD_MESSAGES: Final = 20_000  # how far the publisher may be ahead of the store: enough that ingest never waits
FASTEST: Final = 60_000  # messages a second; nothing here is faster, so this bounds the record
WAIT_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Measurement:
    """Rates per second; ``ratio`` is readings against bare COPY. ``rollup_lag`` [s]: until marks were worked off."""

    messages: int
    seconds: float
    messages_per_second: float
    readings_per_second: float
    copy_readings_per_second: float
    ratio: float
    rollup_lag: float
    broker: str
    machine: str
    versions: str


def bench(seconds: float, broker: BrokerKind) -> Measurement:
    """Measure for about ``seconds`` on a stack of its own; raises DeployError when it gets stuck."""
    begin = time.time_ns() // 1000 // SECOND * SECOND - 30 * DAY
    load = Load("bench", DEVICES, begin, step=10 * SECOND)
    with throwaway(load.city_file(), broker) as running:
        generator = LoadGenerator(running.mqtt_url, load, int(FASTEST * seconds), window=8_000)
        running.wait(running.stack.is_ready, "every role to be ready", WAIT_SECONDS)
        with connect(running.database_url, "bench") as connection:
            connection.autocommit = True
            spent, lag = _publish(running, generator, _Store(connection), seconds)
            connection.autocommit = False
            messages = generator.acknowledged
            readings = messages * len(QUANTITIES)
            bare = copy_rate(connection, load, readings)
            database = connection.info.parameter_status("server_version")
    return Measurement(
        messages=messages,
        seconds=spent,
        messages_per_second=messages / spent,
        readings_per_second=readings / spent,
        copy_readings_per_second=bare,
        ratio=readings / spent / bare,
        rollup_lag=lag,
        broker=broker.value,
        machine=f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        versions=f"Python {platform.python_version()}, PostgreSQL {database}",
    )


class _Store:
    """What is stored so far, in messages, and how many marks rollups have not yet taken."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.messages = self.marks = 0

    def look(self) -> Self:
        """Ask the database again."""
        stored, self.marks = self._connection.execute(SQL["progress"]).fetchone() or (0, 0)
        self.messages = stored // len(QUANTITIES)
        return self


def _publish(running: Throwaway, generator: LoadGenerator, store: _Store, seconds: float) -> tuple[float, float]:
    """Return the seconds from the first message to the last commit, and from there until rollups have caught up."""
    enough = threading.Event()
    ahead = partial(_ahead_of, store)
    publisher = threading.Thread(target=generator.publish, args=(enough.is_set, ahead), daemon=True)
    began = time.perf_counter()
    publisher.start()

    def time_is_up() -> bool:
        store.look()
        return time.perf_counter() - began > seconds

    running.wait(time_is_up, "time to pass", seconds + WAIT_SECONDS)
    enough.set()
    running.wait(lambda: not publisher.is_alive(), "the broker to acknowledge", WAIT_SECONDS)
    running.wait(lambda: store.look().messages >= generator.acknowledged, "everything to be committed", WAIT_SECONDS)
    committed = time.perf_counter()
    running.wait(lambda: store.look().marks == 0, "rollups to catch up", WAIT_SECONDS)
    return committed - began, time.perf_counter() - committed


def _ahead_of(store: _Store) -> int:
    return store.messages + AHEAD_MESSAGES


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
