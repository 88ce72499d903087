"""A city in tests of the rollup worker: its readings stored as the sink does, and the rollups they come to."""

from datetime import UTC, datetime
from random import Random

import psycopg

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, from_micros, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore

CITY = """
name: testville
title: Testville
country: DK
timezone: Europe/Copenhagen
role: network
sites:
  - {name: house, vertical: district_heating}
devices:
  - name: meter
    site: house
    type: heat_meter
    carrier: heat
    direction: consumption
    expected_interval: PT15M
    series:
      - {quantity: heat_energy, max_gap: PT2H}
      - {quantity: volume, max_gap: PT2H}
      - {quantity: return_temperature, max_gap: PT2H, filling: PT4H}
      - {quantity: heat_power, kind: interval, max_gap: PT45M}
"""
START = to_micros(datetime(2024, 3, 30, 21, 7, tzinfo=UTC))  # the night the clocks go forward, and a month's end
Reading = tuple[int, int, float]


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


def store(connection: Connection, readings: list[Reading]) -> None:
    """Store readings and their marks as the sink does, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        times = [time for _, time, _ in readings]
        cursor.execute("select ensure_partitions(%s, %s)", (from_micros(min(times)), from_micros(max(times))))
        cursor.executemany(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " values (%s, %s, %s, now(), 1, 0)",
            [(series, from_micros(time), value) for series, time, value in readings],
        )
        marks = [
            (series, from_micros(min(own)), from_micros(max(own)))
            for series in {series for series, *_ in readings}
            if (own := [time for other, time, _ in readings if other == series])
        ]
        cursor.executemany("insert into observation_mark (series_id, from_time, to_time) values (%s, %s, %s)", marks)


def rollups(connection: Connection) -> list[tuple[object, ...]]:
    columns = (
        "period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured,"
        " weighted, covered_from, covered_to, measured_from, measured_to, interpolated, estimated_time, pause,"
        " first_at, last_at"
    )
    return connection.execute(f"select {columns} from rollup order by 1, 2, 3").fetchall()  # noqa: S608 - constants


def drain(worker: RollupWorker) -> None:
    while worker.cycle().spans:
        pass


def reference(database_url: str, readings: list[Reading]) -> list[tuple[object, ...]]:
    """Roll up everything in one go, on a clean slate, and leave the database empty again."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        store(connection, readings)
        catalogue = sync(connection, [parse(CITY, "testville.yaml")])
        drain(RollupWorker(RollupStore(connection), lambda: catalogue))
        result = rollups(connection)
        connection.execute("truncate observation, observation_mark, rollup, rollup_mark")
    return result
