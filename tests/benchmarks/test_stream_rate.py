"""How fast messages become committed rows, beside bare COPY of the same rows in the same run; judges nothing."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter, process_time

import numpy as np
import pytest

from ingest.decoders import DECODERS
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.resolve import Resolver
from processors.intake.stream import Stream
from processors.storage.binary_copy import Column
from processors.storage.database import Connection, connect
from processors.storage.readings.observations import OBSERVATION
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests import towns
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

DEVICES, MESSAGES, BATCHES = 200, 1_250, int(os.environ.get("PHAROS_BENCH_BATCHES", "8"))
QUANTITIES = ("heat_energy", "volume", "supply_temperature", "return_temperature")
NOON = 1_795_262_400_000


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "bench") as session:
        yield session


def _city() -> City:
    return towns.city(*(heat_meter(*QUANTITIES, name=f"meter-{number}") for number in range(DEVICES)))


def _batch(number: int) -> list[RawMessage]:
    """Return messages of some 200 bytes with four values each."""
    return [_message(index) for index in range(number * MESSAGES, (number + 1) * MESSAGES)]


def _message(index: int) -> RawMessage:
    time = np.datetime_as_string(np.datetime64(NOON + index, "ms")) + "Z"
    values = dict.fromkeys(QUANTITIES, 40 + index % 1000 / 777)
    payload = json.dumps({"time": time, "values": values}).encode()
    return RawMessage(f"pharos/v1/harbour/meter-{index % DEVICES}/telemetry", payload, (NOON + index) * 1000)


def _timed(work: Callable[[list[RawMessage]], object], batches: Sequence[list[RawMessage]]) -> tuple[float, float]:
    """Return rows per second, and microseconds of this process's CPU per row."""
    rows = len(batches) * MESSAGES * len(QUANTITIES)
    began, cpu = perf_counter(), process_time()
    for batch in batches:
        work(batch)
    return rows / (perf_counter() - began), (process_time() - cpu) / rows * 1e6


def test_rate_of_the_stream(connection: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue = sync(connection, [_city()])
    resolver = Resolver(catalogue, DECODERS["pharos"])
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
    batches = [_batch(number) for number in range(BATCHES)]
    resolved = {id(batch): resolver.resolve(batch).batch for batch in batches}

    def bare_copy(messages: list[RawMessage]) -> None:
        batch = resolved[id(messages)]
        columns: list[Column] = [
            batch.series_id,
            batch.time,
            batch.value,
            batch.received_at,
            batch.quality,
            batch.quality,
        ]
        with connection.cursor() as cursor, cursor.copy("copy bare from stdin (format binary)") as copy:
            copy.write(OBSERVATION.encode(columns))
        connection.commit()

    connection.execute(
        """create table bare (series_id integer, time timestamptz, value double precision, received_at timestamptz,
           source_id smallint, quality smallint, primary key (series_id, time))"""
    )
    connection.commit()
    measured = {
        "decode and resolve": _timed(resolver.resolve, batches),
        "bare COPY of the rows": _timed(bare_copy, batches),
        "Stream.accept, new": _timed(stream.accept, batches),
        "Stream.accept, known": _timed(stream.accept, batches[: BATCHES // 4]),
    }
    reference, _ = measured["bare COPY of the rows"]
    with capsys.disabled():
        sys.stdout.write("\n")
        for name, (rate, cpu) in measured.items():
            sys.stdout.write(f"{name:24}{rate:>10,.0f} rows/s{rate / reference:>7.2f} of COPY{cpu:>8.2f} us CPU/row\n")
    assert connection.execute("select count(*) from observation").fetchone() == (BATCHES * MESSAGES * len(QUANTITIES),)
