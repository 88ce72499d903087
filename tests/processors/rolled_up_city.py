"""A city in tests of the rollup worker: its readings stored as the sink does, and the rollups they come to."""

from datetime import UTC, datetime
from random import Random

import psycopg

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors.stored_readings import Reading, drain, store
from tests.towns import heat_meter, sending, town


def declaring(
    gap: str = "PT2H",
    filling: str = "PT4H",
    every: str = "PT15M",
    zone: str = "Europe/Copenhagen",
    kind: ReadingKind = ReadingKind.INTERVAL,
) -> str:
    """Return the city with these declared of its meter, and ``kind`` of its power."""
    series = (
        sending("heat_energy", max_gap=gap),
        sending("volume", max_gap=gap),
        sending("return_temperature", max_gap=gap, filling=filling),
        sending("heat_power", kind=kind, max_gap="PT45M"),
    )
    return town(heat_meter(*series, every=every), name="testville", zone=zone)


CITY = declaring()
START = to_micros(datetime(2024, 3, 30, 21, 7, tzinfo=UTC))  # the night the clocks go forward, and a month's end


def trace(catalogue: Catalogue, seed: int, count: int = 160) -> list[Reading]:
    """Return readings of every series, with jittered times, a few silences and a register that restarts once."""
    random = Random(seed)
    readings = []
    for series in catalogue.series.values():
        time, register = START, 1000.0
        for index in range(count):
            time += random.randrange(5, 25) * 60_000_000 + (random.random() < 0.03) * random.randrange(1, 9) * HOUR
            register = 0.5 if index == count // 2 else register + random.random() * 3
            is_register = series.kind.value == "register"
            readings.append((series.series_id, time, register if is_register else random.uniform(20, 60)))
    return sorted(readings, key=lambda reading: reading[1])


def rollups(connection: Connection) -> list[tuple[object, ...]]:
    columns = (
        "period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured,"
        " weighted, covered_from, covered_to, measured_from, measured_to, interpolated, estimated_time, pause,"
        " first_at, last_at, rejected, contract, entry_seconds, entry_amount, exit_seconds, exit_amount, doubt_below,"
        " doubt_above, peak"
    )
    return connection.execute(f"select {columns} from rollup order by 1, 2, 3").fetchall()  # noqa: S608 - constants


def reference(database_url: str, readings: list[Reading]) -> list[tuple[object, ...]]:
    """Roll up everything in one go, on a clean slate, and leave the database empty again."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        store(connection, readings)
        catalogue = sync(connection, [parse(CITY, "testville.yaml")])
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
        result = rollups(connection)
        connection.execute("truncate observation, observation_mark, rollup_row, rollup_block, rollup_mark")
    return result
