"""Contracts of registers on a real database: what readings come to does not depend on how and when they arrived."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, MINUTE, from_micros, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.processors import stored_readings
from tests.processors.stored_readings import Reading, arrive, assert_same, drain, roll_up_afresh
from tests.stores import POSTGRESQL, TIMESCALEDB, one_backend
from tests.towns import NOTHING, Declared, heat_meter, sending, town

pytestmark = pytest.mark.integration

SWAP = {"at": "2026-03-29T03:20:00+02:00", "closing": {"heat_energy": 300}, "opening": {"heat_energy": 12}}
BEFORE, FROM = {"valid_to": "2026-03-29"}, {"valid_from": "2026-03-29"}
JITTER, DAILY = {"jitter": 0.1}, {"scope": "day"}
CONTRACTS: Final[dict[str, object]] = {
    "default": {},
    "jitter": JITTER,
    "rolls": {"modulus": 1000},
    "everything": {"modulus": 1000, "jitter": 0.1, "glitch_readings": 2, "max_increase_per_hour": 5000},
    "session": {"scope": "session"},
    "day": DAILY,
    "daily-jitter": DAILY | JITTER,
    "swapped": {},
    "swapped-jitter": JITTER,
    "dated": [{"modulus": 1000} | BEFORE, {"modulus": 10000} | JITTER | FROM],
    "dated-day": [JITTER | BEFORE, DAILY | FROM],
    "dated-lifetime": [DAILY | BEFORE, JITTER | FROM],
}


def declaring(contracts: dict[str, object] = CONTRACTS, swaps: Declared = NOTHING) -> str:
    """Return a city with a meter of each of these contracts, some replaced; by name."""
    replaced = {"swapped": SWAP, "swapped-jitter": SWAP, **swaps}
    return town(
        *(
            heat_meter(
                sending("heat_energy", max_gap="PT2H", register_contract=contract),
                name=name,
                every="PT15M",
                replacements=[replaced[name]] if name in replaced else [],
            )
            for name, contract in contracts.items()
        ),
        name="testville",
    )


CITY = declaring()
START = to_micros(datetime(2026, 3, 28, 21, 50, tzinfo=UTC))  # an hour before midnight, before the clocks go forward
COLUMNS = (
    "series_id, period, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,"
    " covered_from, covered_to, measured_from, measured_to, rejected, contract"
)


def put(connection: Connection, readings: Sequence[Reading]) -> None:
    stored_readings.store(connection, readings, mark_each=True)


def rollups(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(f"select {COLUMNS} from rollup order by 1, 2, 3").fetchall()  # noqa: S608 - constants


def afresh(connection: Connection, catalogue: Catalogue) -> list[tuple[object, ...]]:
    """Compute everything again, in one go."""
    roll_up_afresh(connection, catalogue)
    return rollups(connection)


VALUES = st.one_of(
    st.sampled_from([0.0, 0.0, 0.0, 215.6, 215.7, 215.8, 30.0, 31.0, 999.9, 0.05]),
    st.integers(0, 9990).map(lambda n: n / 10),
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(VALUES, min_size=2, max_size=24),
    minutes=st.lists(st.sampled_from([5, 10, 20, 60, 200]), min_size=24, max_size=24),
    order=st.randoms(use_true_random=False),
)
def test_random_arrival_ends_in_the_same_rollups(
    connection: Connection, catalogue: Catalogue, values: list[float], minutes: list[int], order: Random
) -> None:
    connection.execute("truncate observation, observation_mark, rollup_row, rollup_block, rollup_mark")
    times = [START + sum(minutes[: index + 1]) * MINUTE for index in range(len(values))]
    readings = [(series, *one) for one in zip(times, values, strict=True) for series in catalogue.series]
    late = order.choice([0, 3, len(readings)])
    readings = [one for _, one in sorted(enumerate(readings), key=lambda pair: pair[0] + order.random() * late)]
    arrive(
        readings + order.sample(readings, len(readings) // 4),
        lambda some: put(connection, some),
        lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
        order,
        at_once=12,
    )
    assert_same(COLUMNS, rollups(connection), afresh(connection, catalogue))


@pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])
def test_long_rests_and_long_glitches_arrive_in_any_order(
    connection: Connection, catalogue: Catalogue, store: str
) -> None:
    random = Random(1)
    values: list[float] = []
    while len(values) < 120:
        high = max(values[-40:], default=200.0) + random.choice([0.0, 0.05, 7.0])
        values += random.choice([[0.0] * 30, [high, high + 0.1] * 20, [high] * 30, [high, 0.0, high + 2], [0.3, 0.9]])
    times = [START + index * 10 * MINUTE for index in range(len(values))]
    readings = [(series, *one) for one in zip(times, values, strict=True) for series in catalogue.series]
    random.shuffle(readings)
    arrive(
        readings + random.sample(readings, len(readings) // 4),
        lambda some: put(connection, some),
        lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
        random,
        at_once=160 if one_backend(store) else 40,  # a batch takes ten times as long there as on a server
    )
    assert_same(COLUMNS, rollups(connection), afresh(connection, catalogue))


def test_a_late_reading_of_a_register_at_rest_takes_its_rise_from_the_one_that_had_it(
    connection: Connection, catalogue: Catalogue
) -> None:
    (series,) = (one.series_id for one in catalogue.series.values() if one.device == "jitter")
    readings = [(series, START + index * HOUR, 215.6) for index in range(6)] + [(series, START + 6 * HOUR, 215.7)]
    put(connection, readings)
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    put(connection, [(series, START + HOUR // 2, 215.7)])
    drain(worker)
    assert _total(connection) == pytest.approx(0.1)
    assert_same(COLUMNS, rollups(connection), afresh(connection, catalogue))


def test_a_glitch_is_taken_back_when_the_register_returns(connection: Connection, catalogue: Catalogue) -> None:
    (series,) = (one.series_id for one in catalogue.series.values() if one.device == "default")
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    for index, value in enumerate([29.0, 30.0, *[0.0] * 30, 31.0, 32.0]):
        put(connection, [(series, START + index * 10 * MINUTE, value)])
        worker.cycle()
    drain(worker)
    found = connection.execute("select sum(total), sum(rejected), min(minimum) from rollup where period = 'hour'")
    assert found.fetchone() == (pytest.approx(3.0), 30, 29.0)


def test_a_contract_that_changes_recomputes_its_series_and_says_so(
    connection: Connection, catalogue: Catalogue
) -> None:
    values = [215.6, 215.7, 0.0, 215.6, 3.0, 4.0]
    put(
        connection,
        [
            (series, START + index * 10 * MINUTE, value)
            for series in catalogue.series
            for index, value in enumerate(values)
        ],
    )
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    drain(worker)
    before = dict(_contracts(connection))
    rolls = declaring(CONTRACTS | {"rolls": {"modulus": 10000, "jitter": 0.2}})
    changed = sync(connection, [parse(rolls, "testville.yaml")])
    drain(worker)
    after = dict(_contracts(connection))
    assert {catalogue.series[one].device for one in before if after[one] != before[one]} == {"rolls"}
    assert_same(COLUMNS, rollups(connection), afresh(connection, changed))
    documents = connection.execute(
        "select distinct contract.contract from rollup join register_contract contract on digest = rollup.contract"
    ).fetchall()
    assert {json.dumps(document["jitter"]) for (document,) in documents} == {"0.0", "0.1", "0.2"}


def test_a_replacement_that_is_told_later_takes_the_step_out(connection: Connection, catalogue: Catalogue) -> None:
    (series,) = (one.series_id for one in catalogue.series.values() if one.device == "default")
    put(
        connection,
        [(series, START + index * HOUR, value) for index, value in enumerate([100.0, 101.0, 8000.0, 8001.0])],
    )
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    drain(worker)
    assert _total(connection) == pytest.approx(7901.0)
    at = from_micros(START + HOUR + 30 * MINUTE).isoformat()
    told = {"at": at, "closing": {"heat_energy": 101.5}, "opening": {"heat_energy": 7999}}
    sync(connection, [parse(declaring(swaps={"default": told}), "testville.yaml")])
    drain(worker)
    assert _total(connection) == pytest.approx(100.0 - 100.0 + 1.5 + 2.0)


def _total(connection: Connection) -> float:
    row = connection.execute("select sum(total) from rollup where period = 'month'").fetchone()
    assert row is not None
    return float(row[0])


def _contracts(connection: Connection) -> list[tuple[int, int]]:
    return connection.execute("select series_id, min(contract) from rollup group by 1").fetchall()
