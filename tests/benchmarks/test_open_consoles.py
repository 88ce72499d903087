"""What open consoles cost the intake of readings, and the interface: rate, latency, processor; judges nothing.

Batches come at a pace, with and without consoles by turns, so that whatever else the machine does meets both alike.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time, sleep
from typing import Any, Final

import httpx
import numpy as np
import pytest

from deploy.embedded import ports
from ingest.decoders import DECODERS
from ingest.model.observation import RawMessage
from ingest.model.time import SECOND, from_micros
from ingest.resolve import Resolver
from kpi_engine.api import tokens
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests import towns
from tests.benchmarks.spent import processor_seconds
from tests.towns import heat_meter

pytestmark = [pytest.mark.integration, pytest.mark.process, pytest.mark.timeout(3_600)]

CONSOLES = int(os.environ.get("PHAROS_BENCH_CONSOLES", "5"))
SECONDS = float(os.environ.get("PHAROS_BENCH_SECONDS", "3"))  # of each turn
TURNS = int(os.environ.get("PHAROS_BENCH_TURNS", "1"))
DEVICES = int(os.environ.get("PHAROS_BENCH_DEVICES", "200"))
PACE: Final = 0.5  # seconds from batch to batch
MESSAGES: Final = 250
QUANTITIES: Final = ("heat_energy", "volume", "supply_temperature", "return_temperature")
PHAROS: Final = Path(sys.executable).with_name("pharos")
STARTED_WITHIN: Final = 120.0


@dataclass
class Turn:
    """What batches took: seconds each until they were committed, the processor's seconds, and rows."""

    latencies: list[float] = field(default_factory=list)
    rows: int = 0
    cpu: float = 0.0
    server_cpu: float = 0.0
    wall: float = 0.0

    def said(self) -> str:
        """Say it in a line."""
        middle, late = (1e3 * quantile for quantile in np.quantile(self.latencies, (0.5, 0.95)))
        return (
            f"{self.rows / self.wall:>8,.0f} rows/s{middle:>9.1f} ms{late:>9.1f} ms"
            f"{1e6 * self.cpu / self.rows:>9.1f} us/row{100.0 * self.server_cpu / self.wall:>8.1f} %"
        )


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "bench") as session:
        yield session


@pytest.fixture
def server(database_url: str) -> Iterator[tuple[str, int]]:
    """Return where the interface answers, and its process."""
    address = f"127.0.0.1:{ports.choose()}"
    environment = os.environ | {"PHAROS_DATABASE_URL": database_url, "PHAROS_HTTP": address}
    process = subprocess.Popen([PHAROS, "api"], env=environment)
    deadline = monotonic() + STARTED_WITHIN
    while monotonic() < deadline:
        try:
            httpx.get(f"http://{address}/health", trust_env=False)
        except httpx.TransportError:
            sleep(0.1)
        else:
            break
    yield f"http://{address}", process.pid
    process.terminate()
    process.wait(STARTED_WITHIN)


def test_what_open_consoles_cost(
    connection: Connection, server: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    url, pid = server
    catalogue = sync(connection, [towns.city(*(heat_meter(*QUANTITIES, name=f"meter-{n}") for n in range(DEVICES)))])
    token = tokens.create(connection, "wall", "operator", None)
    connection.commit()
    stream, resolver = Stream(Sink(connection, catalogue, "mqtt"), catalogue), Resolver(catalogue, DECODERS["pharos"])
    assert resolver.resolve(_batch(0)).batch.value.size == MESSAGES * len(QUANTITIES)
    alone, watched, seen = Turn(), Turn(), list[dict[str, Any]]()
    for turn in range(TURNS):
        _load(connection, stream, alone, 2 * turn, pid)
        command = [sys.executable, "-m", "tests.benchmarks.open_consoles", url, token, "harbour"]
        consoles = subprocess.Popen([*command, str(CONSOLES), str(SECONDS)], stdout=subprocess.PIPE)
        assert consoles.stdout
        assert consoles.stdout.readline() == b"open\n"
        _load(connection, stream, watched, 2 * turn + 1, pid)
        told, _ = consoles.communicate()
        assert consoles.returncode == 0
        seen.append(json.loads(told))
    with capsys.disabled():
        sys.stdout.write(f"\n{'':16}{'rate':>15}{'median':>12}{'95 %':>12}{'of ingest':>16}{'of api':>9}\n")
        sys.stdout.write(f"{'alone':16}{alone.said()}\n{f'{CONSOLES} consoles':16}{watched.said()}\n")
        reloads = sorted(one for of in seen for one in of["reloads"])
        sent = sum(of["bytes"] for of in seen) / len(seen) / CONSOLES / SECONDS
        loaded = (
            f"{len(reloads)} pages were loaded, one in {median(reloads):.2f} s" if reloads else "no page was loaded"
        )
        sys.stdout.write(f"each console {sent / 1e3:.1f} kB/s; {loaded}\n")
    assert all(of["heartbeats"] >= CONSOLES for of in seen)


def _load(connection: Connection, stream: Stream, turn: Turn, number: int, pid: int) -> None:
    """Store batches at a pace for some seconds."""
    began, server = perf_counter(), _of_interface(connection, pid)
    for index in range(int(SECONDS / PACE)):
        batch = _batch(number * 10_000 + index)
        ready = began + index * PACE
        sleep(max(0.0, ready - perf_counter()))
        spent, at = process_time(), perf_counter()
        stream.accept(batch)
        turn.latencies.append(perf_counter() - at)
        turn.cpu += process_time() - spent
        turn.rows += MESSAGES * len(QUANTITIES)
    turn.wall += perf_counter() - began
    after = _of_interface(connection, pid)
    turn.server_cpu += sum(seconds - server.get(process, 0.0) for process, seconds in after.items())


def _of_interface(connection: Connection, pid: int) -> dict[int, float]:
    """Return the processor's seconds of the interface and of its sessions of the database, by process."""
    found = connection.execute(
        "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    sessions = found.fetchall()
    connection.commit()
    return {one: processor_seconds(one) for one in (pid, *(session for (session,) in sessions))}


def _batch(number: int) -> list[RawMessage]:
    """Return messages of devices by turns, a little later each."""
    return [_message(number * MESSAGES + index) for index in range(MESSAGES)]


def _message(index: int) -> RawMessage:
    time = int(np.datetime64("2026-11-03T12:00:00", "us").astype(np.int64)) + index * SECOND // 1000
    values = dict.fromkeys(QUANTITIES, 40 + index % 1000 / 777)
    payload = json.dumps({"time": from_micros(time).isoformat(), "values": values}).encode()
    return RawMessage(f"pharos/v1/harbour/meter-{index % DEVICES}/telemetry", payload, time)
