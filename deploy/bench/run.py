"""One measurement: as fast as ingest keeps up with, then at half that rate; then the yardsticks beside it."""

import os
import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Self

from deploy.bench.bare import copy_rate
from deploy.bench.latency import Latency, latency
from deploy.bench.peers import Peer, peers
from deploy.bench.shares import Share, Shares
from deploy.embedded.throwaway import Throwaway, throwaway
from deploy.embedded.wishes import BrokerKind
from ingest.model.time import DAY, SECOND
from processors.storage.database import Connection, connect
from processors.storage.statements import statements
from simulators.load import QUANTITIES, Load
from simulators.load_generator import LoadGenerator, at_rate

SQL: Final = statements(__name__)

DEVICES: Final = 200
AHEAD_MESSAGES: Final = 20_000  # how far the publisher may be ahead of the store: enough that ingest never waits
FASTEST: Final = 60_000  # messages a second; nothing here is faster, so this bounds the record
WAIT_SECONDS: Final = 120.0
LATENCY_SECONDS: Final = 0.01  # between two looks at how much is stored


@dataclass(frozen=True)
class Measurement:
    """Rates per second; ``ratio`` is readings against bare COPY. ``rollup_lag`` [s]: until marks were worked off.

    ``parts``: what each part took from the first message to the last commit. ``latency``: at half the rate. ``peers``:
    others with as many messages, on a Mosquitto of their own; their database and their machine are those of the stack.
    """

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
    devices: int
    latency: Latency
    parts: Mapping[str, Share] = field(default_factory=dict)
    peers: Mapping[str, Peer] = field(default_factory=dict)


def bench(seconds: float, broker: BrokerKind, devices: int = DEVICES) -> Measurement:
    """Measure for about ``seconds`` on a stack of its own; raises DeployError when it gets stuck."""
    begin = time.time_ns() // 1000 // SECOND * SECOND - 30 * DAY
    load = Load("bench", devices, begin, step=10 * SECOND)
    with throwaway(load.city_file(), broker) as running:
        generator = LoadGenerator(running.mqtt_url, load, int(2 * FASTEST * seconds), window=8_000)
        running.wait(running.stack.is_ready, "every role to be ready", WAIT_SECONDS)
        with connect(running.database_url, "bench") as connection:
            connection.autocommit = True
            store, shares = _Store(connection), Shares(running, connection)
            spent, lag, parts = _publish(running, generator, store, seconds, shares)
            messages = generator.acknowledged
            at_half = _at_half(running, generator, store, messages / spent / 2, seconds / 2)
            others = peers(running.database_url, connection, load, messages)
            connection.autocommit = False
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
        devices=devices,
        latency=at_half,
        parts=parts,
        peers=others,
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


def _publish(
    running: Throwaway, generator: LoadGenerator, store: _Store, seconds: float, shares: Shares
) -> tuple[float, float, Mapping[str, Share]]:
    """Return the seconds to the last commit, from there until rollups have caught up, and what parts took till then."""
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
    committed, taken = time.perf_counter(), shares.taken()
    running.wait(lambda: store.look().marks == 0, "rollups to catch up", WAIT_SECONDS)
    return committed - began, time.perf_counter() - committed, taken


def _at_half(running: Throwaway, generator: LoadGenerator, store: _Store, rate: float, seconds: float) -> Latency:
    """Publish at ``rate`` and return how long messages took to where a query finds them."""
    enough, looks = threading.Event(), list[tuple[float, int]]()
    before = store.look().messages
    began = time.monotonic()
    publisher = threading.Thread(target=generator.publish, args=(enough.is_set, at_rate(rate)), daemon=True)
    publisher.start()
    while time.monotonic() - began < seconds:
        looks.append((time.monotonic(), store.look().messages - before))
        running.look()
        time.sleep(LATENCY_SECONDS)
    enough.set()
    running.wait(lambda: not publisher.is_alive(), "the broker to acknowledge", WAIT_SECONDS)
    running.wait(lambda: store.look().messages >= generator.acknowledged, "everything to be committed", WAIT_SECONDS)
    looks.append((time.monotonic(), store.messages - before))
    return latency(rate, began, looks)


def _ahead_of(store: _Store) -> int:
    return store.messages + AHEAD_MESSAGES


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
