"""Time by state on a real database: a function of the stored readings, through both nights in which clocks change."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random

import pytest

from ingest.model.calendar import Period, day_start, edges
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, MINUTE, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups import states
from processors.storage.rollups.rollups import RollupStore
from tests.processors import stored_readings
from tests.processors.stored_readings import arrive, drain
from tests.towns import charging_point, sending, town

pytestmark = pytest.mark.integration

CITY = town(
    charging_point(sending("connector_status", max_gap="PT2H"), "electricity_power", every="PT1M"), name="testville"
)
ZONE, HOLD = "Europe/Copenhagen", 2 * HOUR
Reading = tuple[int, float]
Durations = dict[tuple[str, int, int], tuple[int, int]]


def status(catalogue: Catalogue) -> int:
    return next(key for key, one in catalogue.series.items() if one.quantity == "connector_status")


def store(connection: Connection, series_id: int, readings: Sequence[Reading]) -> None:
    stored_readings.store(connection, [(series_id, *reading) for reading in readings])


def kept(connection: Connection) -> Durations:
    """Return durations [microseconds] and readings by period, bucket and state."""
    rows = connection.execute("select period, bucket, state, duration, count from state_duration")
    return {(period, to_micros(bucket), state): (held, count) for period, bucket, state, held, count in rows}


def expected(readings: list[Reading], hold: int = HOLD) -> Durations:
    """Return what readings come to, state by state and bucket by bucket, the slow way."""
    found: dict[tuple[str, int, int], list[int]] = defaultdict(lambda: [0, 0])
    ordered = sorted(readings)
    for period in (Period.HOUR, Period.DAY, Period.MONTH):
        buckets = list(pairwise(edges(ordered[0][0], ordered[-1][0] + 1, period, ZONE).tolist()))
        for (time, state), following in zip(ordered, [*ordered[1:], None], strict=True):
            end = time if following is None else min(following[0], time + hold)
            for start, stop in buckets:
                overlap, is_in = min(end, stop) - max(time, start), start <= time < stop
                if overlap > 0 or is_in:
                    row = found[period.value, start, int(state)]
                    row[0] += max(overlap, 0)
                    row[1] += is_in
    return {key: (held, count) for key, (held, count) in found.items()}


def trace(seed: int, begin: datetime, count: int = 200) -> list[Reading]:
    """Return states at odd times, with silences longer than a state holds."""
    random, time, readings = Random(seed), to_micros(begin), []
    for _ in range(count):
        time += random.randrange(10, 40 * 60) * 1_000_000 + (random.random() < 0.05) * random.randrange(1, 7) * HOUR
        readings.append((time, float(random.randrange(9))))
    return readings


@pytest.mark.parametrize("begin", [datetime(2024, 3, 30, 21, tzinfo=UTC), datetime(2024, 10, 26, 21, tzinfo=UTC)])
@pytest.mark.parametrize("seed", range(3))
def test_order_batching_repetition_and_restarts_change_nothing(
    connection: Connection, catalogue: Catalogue, begin: datetime, seed: int
) -> None:
    readings, random = trace(seed, begin), Random(seed)
    arriving = sorted(readings, key=lambda one: one[0] + random.choice([0, 0, 30]) * HOUR)
    arrive(
        arriving,
        lambda some: store(connection, status(catalogue), [*some, *random.sample(readings, 1)]),
        lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
        random,
    )
    assert kept(connection) == expected(readings)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_a_day_in_which_clocks_change_is_as_long_as_it_is(
    connection: Connection, catalogue: Catalogue, day: date, hours: int
) -> None:
    start = day_start(day, ZONE)
    store(connection, status(catalogue), [(start + hour * HOUR, float(hour % 2)) for hour in range(-2, hours + 2)])
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    found = {
        state: held
        for (period, bucket, state), (held, _) in kept(connection).items()
        if (period, bucket) == ("day", start)
    }
    assert found == {0: (hours + 1) // 2 * HOUR, 1: hours // 2 * HOUR}


def test_a_corrected_state_leaves_nothing_of_the_one_before(connection: Connection, catalogue: Catalogue) -> None:
    start = to_micros(datetime(2024, 5, 1, 10, tzinfo=UTC))
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    readings = [(start, 0.0), (start + 10 * MINUTE, 8.0), (start + 20 * MINUTE, 0.0)]
    store(connection, status(catalogue), readings)
    drain(worker)
    corrected = [*readings[:1], (start + 10 * MINUTE, 2.0), *readings[2:]]
    store(connection, status(catalogue), corrected[1:2])
    drain(worker)
    assert kept(connection) == expected(corrected)


def test_a_longer_hold_recomputes_what_is_stored(connection: Connection, catalogue: Catalogue) -> None:
    readings = trace(7, datetime(2024, 5, 1, tzinfo=UTC), 40)
    store(connection, status(catalogue), readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    patient = sync(connection, [parse(CITY.replace("PT2H", "P1D"), "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: patient))
    assert kept(connection) == expected(readings, 24 * HOUR)


def test_what_is_staged_is_looked_up_by_its_key_however_much_it_is(connection: Connection) -> None:
    RollupStore(connection)
    with connection.transaction():
        for table, columns in (("rollup_window", "1, 1, h, h + '1h'::interval"), ("state_staging", "1, h, h, 1, 1, 1")):
            connection.execute(
                f"insert into {table} select {columns}"  # noqa: S608 - constants
                " from generate_series('2026-01-01'::timestamptz, '2026-06-01', '1 hour') h"
            )
        keep = states.SQL["state_keep"]
        plan = connection.execute(b"explain " + keep.encode(), {"period": "hour"}).fetchall()
    assert "state_staging_pkey" in str(plan)


def test_states_are_in_no_rollup_of_numbers(connection: Connection, catalogue: Catalogue) -> None:
    store(connection, status(catalogue), trace(1, datetime(2024, 5, 1, tzinfo=UTC), 20))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert connection.execute("select count(*) from rollup").fetchone() == (0,)
