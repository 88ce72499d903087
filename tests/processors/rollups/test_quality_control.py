"""Judgements on a real database: what readings are judged to be does not depend on how and when they arrived."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.time import HOUR, MINUTE, to_micros
from processors.rollups.worker import RollupWorker
from processors.steps.reading_quality import QualityFlag
from processors.storage.database import Connection
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.registry.registry import sync
from processors.storage.rollups import reading_quality
from processors.storage.rollups.reading_quality import Judgements
from processors.storage.rollups.rollups import RollupStore
from tests.processors import stored_readings
from tests.processors.stored_readings import Reading, arrive, assert_same, drain, roll_up_afresh
from tests.stores import POSTGRESQL, TIMESCALEDB, examples
from tests.towns import NOTHING, Declared, device, sending, town

pytestmark = pytest.mark.integration
BOTH_STORES = pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])

JUDGED = {"plausible_change": {"neighbours": 2, "tolerance": 5, "stuck_after": "PT3H"}}


def declaring(wind: Declared = NOTHING, room: Declared = JUDGED, title: str = "Testville") -> str:
    """Return the city with these declared of its wind and its room."""
    outdoors = sending("outdoor_temperature", max_gap="PT1H"), sending("wind_speed", **wind)
    return town(
        device("station", "weather_station", *outdoors, site="roof", every="PT10M"),
        device("room", "indoor_climate_sensor", sending("indoor_temperature", **room), every="PT15M"),
        name="testville",
        zone="Europe/Tallinn",
        title=title,
    )


CITY = declaring()
START = to_micros(datetime(2026, 3, 28, 20, 0, tzinfo=UTC))  # an evening before the clocks go forward
COLUMNS = "series_id, period, bucket, bucket_end, count, minimum, maximum, integral, measured, weighted, rejected"


def put(connection: Connection, readings: Sequence[Reading]) -> None:
    stored_readings.store(connection, readings, mark_each=True)


def flags(connection: Connection) -> list[tuple[int, int, int]]:
    found = connection.execute("select series_id, time, flags from reading_quality order by 1, 2").fetchall()
    return [(series, to_micros(time), flag) for series, time, flag in found]


def rollups(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(f"select {COLUMNS} from rollup order by 1, 2, 3").fetchall()  # noqa: S608 - constants


def trace(catalogue: Catalogue, random: Random, count: int = 90) -> list[Reading]:
    """Return readings of every series with spikes alone and in rows, values that stand, level shifts and silences."""
    readings: list[Reading] = []
    for series in catalogue.series.values():
        time, value, left, bad = START, 12.0, 0, 0
        for _ in range(count):
            time += random.choice([1, 1, 1, 1, 1, 2]) * series.expected_interval
            time += (random.random() < 0.03) * random.randrange(1, 6) * HOUR
            if not left:
                left = random.choice([0, 0, 0, 0, 0, 3, 25, 45])
                value += random.uniform(-1, 1) + (random.random() < 0.03) * random.choice([-40, 40])
            left, bad = max(left - 1, 0), bad - 1 if bad > 0 else random.choice([0] * 15 + [1, 2, 3, 4, 5])
            readings.append((series.series_id, time, round(value + 45 * (bad > 0) * random.choice([1, 1, -1]), 3)))
    return readings


@BOTH_STORES
def test_flags_and_rollups_do_not_depend_on_order_batches_and_repetition(
    connection: Connection, catalogue: Catalogue, store: str
) -> None:
    @settings(max_examples=examples(store, 6))
    @given(seed=st.integers(0, 2**32))
    def any_way(seed: int) -> None:
        random = Random(seed)
        connection.execute(
            "truncate observation, observation_mark, rollup_row, rollup_block, rollup_mark, reading_quality"
        )
        readings = sorted(trace(catalogue, random), key=lambda one: one[1] + random.choice([0, 0, 0, 9, 90]) * HOUR)
        arrive(
            readings + random.sample(readings, len(readings) // 4),
            lambda some: put(connection, some),
            lambda: RollupWorker(RollupStore(connection), lambda: catalogue),
            random,
        )
        found_flags, found = flags(connection), rollups(connection)
        roll_up_afresh(connection, catalogue, "rollup_row, rollup_block, reading_quality")
        assert found_flags == flags(connection)
        assert_same(COLUMNS, found, rollups(connection))
        assert any(flag & QualityFlag.REJECTED for *_, flag in found_flags)

    any_way()


def test_a_late_reading_makes_a_spike_of_its_neighbour_and_changes_the_hours_it_was_in(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = next(one for one in catalogue.series.values() if one.quantity == "outdoor_temperature")
    readings = [(series.series_id, START + index * 10 * MINUTE, 5.0 + index % 2) for index in range(40)]
    readings[20] = (series.series_id, readings[20][1], 45.0)
    late = [readings.pop(18), readings.pop(20)]
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    put(connection, readings[:18] + readings[22:])
    drain(worker)
    put(connection, readings[18:22])
    drain(worker)
    put(connection, late)
    drain(worker)
    ((_, time, flag),) = flags(connection)
    assert time == START + 200 * MINUTE
    assert flag == QualityFlag.OUTLIER | QualityFlag.REJECTED | QualityFlag.RATE
    row = connection.execute("select sum(rejected), max(maximum) from rollup where period = 'hour'").fetchone()
    assert row == (1, 6.0)
    assert connection.execute("select max(value) from observation").fetchone() == (45.0,)


def test_a_sensor_is_stuck_from_its_first_reading_on_and_not_once_a_late_one_says_that_it_moved(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = next(one for one in catalogue.series.values() if one.quantity == "outdoor_temperature")
    readings = [(series.series_id, START + index * 10 * MINUTE, 5.0 + 0.1 * index) for index in range(10)]
    readings += [(series.series_id, START + index * 10 * MINUTE, 6.5) for index in range(10, 70)]
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    moved = readings.pop(40)
    for first in range(0, len(readings), 5):
        put(connection, readings[first : first + 5])
        worker.cycle()
    drain(worker)
    assert [(time, flag) for _, time, flag in flags(connection)] == [
        (time, QualityFlag.STUCK) for _, time, _ in readings[10:]
    ]
    put(connection, [(moved[0], moved[1], 7.0)])
    drain(worker)
    assert flags(connection) == []
    whole = connection.execute("select sum(rejected), sum(count) from rollup where period = 'hour'").fetchone()
    assert whole == (0, 70)


def quarters(catalogue: Catalogue, spike_at: int) -> dict[int, Reading]:
    """Return two hours of the room's quarter hours, 20 degC but for one, by their place."""
    series = next(one for one in catalogue.series.values() if one.quantity == "indoor_temperature")
    return {
        index: (series.series_id, START + index * 15 * MINUTE, 45.0 if index == spike_at else 20.0)
        for index in range(-8, 16)
    }


def assert_as_afresh(connection: Connection, catalogue: Catalogue) -> None:
    found_flags, found = flags(connection), rollups(connection)
    roll_up_afresh(connection, catalogue, "rollup_row, rollup_block, reading_quality")
    assert found_flags == flags(connection)
    assert_same(COLUMNS, found, rollups(connection))


def test_a_late_reading_of_one_hour_makes_an_outlier_in_the_next(connection: Connection, catalogue: Catalogue) -> None:
    readings = quarters(catalogue, spike_at=4)
    late = [readings.pop(1), readings.pop(2)][1]
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    put(connection, list(readings.values()))
    drain(worker)
    assert flags(connection) == []
    put(connection, [late])
    drain(worker)
    assert [time for _, time, _ in flags(connection)] == [START + HOUR]
    assert_as_afresh(connection, catalogue)


def test_a_late_reading_behind_an_outlier_changes_the_hour_before_it(
    connection: Connection, catalogue: Catalogue
) -> None:
    readings = quarters(catalogue, spike_at=4)
    series, time, _ = readings.pop(5)
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    put(connection, list(readings.values()))
    drain(worker)
    assert [time for _, time, _ in flags(connection)] == [START + HOUR]
    put(connection, [(series, time, 24.0)])
    drain(worker)
    assert_as_afresh(connection, catalogue)


def test_readings_that_are_no_outliers_any_more_come_back_with_the_reading_that_says_so(
    connection: Connection, catalogue: Catalogue
) -> None:
    series = next(one for one in catalogue.series.values() if one.quantity == "outdoor_temperature")
    readings = [(series.series_id, START + index * 10 * MINUTE, 20.0 + index % 2 * 25) for index in range(10)]
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    for reading in readings[:-1]:
        put(connection, [reading])
        drain(worker)
    assert len([flag for *_, flag in flags(connection) if flag & QualityFlag.REJECTED]) == 3
    put(connection, readings[-1:])  # four in a row: so it is, then
    drain(worker)
    assert [flag for *_, flag in flags(connection) if flag & QualityFlag.REJECTED] == []
    assert_as_afresh(connection, catalogue)


@BOTH_STORES
def test_another_declaration_judges_what_is_stored_again(connection: Connection, catalogue: Catalogue) -> None:
    series = next(one for one in catalogue.series.values() if one.quantity == "wind_speed")
    put(
        connection,
        [(series.series_id, START + index * 10 * MINUTE, 18.0 if index == 20 else 3.0) for index in range(40)],
    )
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    drain(worker)
    assert flags(connection) == []
    stricter = declaring(wind={"plausible_change": {"tolerance": 10}})
    sync(connection, [parse(stricter, "testville.yaml")])
    drain(worker)
    assert [(time, flag & QualityFlag.REJECTED) for _, time, flag in flags(connection)] == [
        (START + 200 * MINUTE, QualityFlag.REJECTED)
    ]
    assert connection.execute("select max(maximum) from rollup").fetchone() == (3.0,)
    sync(connection, [parse(CITY, "testville.yaml")])
    drain(worker)
    assert flags(connection) == []
    assert connection.execute("select max(maximum) from rollup").fetchone() == (18.0,)


def test_what_is_not_judged_any_more_has_no_flags(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    put(connection, list(quarters(catalogue, spike_at=4).values()))
    drain(worker)
    assert [time for _, time, _ in flags(connection)] == [START + HOUR]
    unjudged = declaring(room={"plausible_change": {"never": ["outlier", "rate", "stuck"]}})
    sync(connection, [parse(unjudged, "testville.yaml")])
    drain(worker)
    assert flags(connection) == []
    assert connection.execute("select sum(rejected), max(maximum) from rollup").fetchone() == (0, 45.0)


def test_flagged_series_are_looked_for_once_whatever_city_files_are_applied(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[list[int]] = []
    flagged_series = Judgements.flagged_series

    def looking(judgements: Judgements) -> list[int]:
        looked.append(flagged_series(judgements))
        return looked[-1]

    monkeypatch.setattr(Judgements, "flagged_series", looking)
    worker = RollupWorker(RollupStore(connection), CurrentCatalogue(connection))
    readings = quarters(catalogue, spike_at=4)
    for title, indices in (("One", range(-8, 0)), ("Two", range(8)), ("Three", range(8, 16))):
        sync(connection, [parse(declaring(title=title), "testville.yaml")])
        put(connection, [readings[index] for index in indices])
        drain(worker)
    assert looked == [[]]
    assert [time for _, time, _ in flags(connection)] == [START + HOUR]


def test_flagged_series_are_found_without_reading_every_flag(connection: Connection) -> None:
    connection.execute(
        "insert into reading_quality (series_id, time, flags, rules)"
        " select series_id, to_timestamp(second), 1, 1"
        " from generate_series(0, 8, 4) series_id, generate_series(1, 5000) second"
    )
    connection.execute("analyze reading_quality")
    assert Judgements(connection).flagged_series() == [0, 4, 8]
    query = reading_quality.SQL["judgements_flagged_series"]
    plan = "\n".join(row for (row,) in connection.execute(f"explain (analyze, costs off, timing off) {query}".encode()))
    assert max(int(float(rows)) for rows in re.findall(r"actual rows=([\d.]+)", plan)) == 3, plan
