"""Intervals whose source gives both edges: what was counted is conserved, whatever comes when."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from math import fsum
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ingest.history.mapping import load
from ingest.model.calendar import Period, edges
from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from ingest.model.observation import RawMessage
from ingest.model.time import DAY, HOUR, MINUTE, SECOND, from_micros, isoformat, to_micros
from kpi_engine.api.observed_intervals import begins
from kpi_engine.api.quarter_hours import quarter_hours, quarters
from kpi_engine.api.series import SeriesFilters, find
from processors.intake.replay import History
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.steps.columns import ABSENT
from processors.storage import interval_begins
from processors.storage.database import Connection
from processors.storage.readings import corrections, ranks
from processors.storage.readings.corrections import CorrectionEntry
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load as registered
from processors.storage.rollups.rollups import RollupStore
from tests.processors.stored_readings import drain
from tests.towns import electricity_meter, sending, town

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("catalogue")]

ZONE = "Europe/Copenhagen"
METER = electricity_meter(sending("electricity_energy", kind="interval"))
CITY = town(METER)
TOPIC = "pharos/v1/harbour/meter/telemetry"
START = to_micros(datetime(2024, 3, 29, 7, 10, tzinfo=ZoneInfo(ZONE)))  # two days before clocks go forward
NOON = START + 5 * DAY
ROLLUPS = "select to_jsonb(rollup) - 'updated_at' from rollup order by period, bucket"

Given = tuple[int, int, float]  # begin, end, amount


@pytest.fixture
def store() -> str:
    return "postgresql"


def message(begin: int | None, end: int, amount: float, revision: int | None = None) -> RawMessage:
    document: dict[str, object] = {"time": end // 1000, "values": {"electricity_energy": amount}}
    document |= {} if begin is None else {"begin": begin // 1000}
    document |= {} if revision is None else {"revision": revision}
    return RawMessage(TOPIC, json.dumps(document).encode(), max(end, NOON) + HOUR)


def send(connection: Connection, *messages: RawMessage, source: str = "mqtt") -> Receipt:
    catalogue = registered(connection)
    return Stream(Sink(connection, catalogue, source), catalogue).accept(messages)


def worker(connection: Connection) -> RollupWorker:
    catalogue = registered(connection)
    return RollupWorker(RollupStore(connection), lambda: catalogue)


def rolled_up(connection: Connection) -> list[object]:
    drain(worker(connection))
    return [row for (row,) in connection.execute(ROLLUPS)]


def from_scratch(connection: Connection) -> list[object]:
    """Compute everything again, with nothing remembered and nothing known of what was touched."""
    connection.execute("truncate rollup_row, rollup_block")
    connection.execute(
        "insert into observation_mark (series_id, from_time, to_time)"
        " select series_id, min(time), max(time) from observation group by 1"
    )
    return rolled_up(connection)


def sums(connection: Connection, period: str) -> dict[datetime, float]:
    query = "select bucket, total from rollup where period = %s and total is not null order by bucket"
    return dict(connection.execute(query, [period]).fetchall())


def truth(given: Sequence[Given], period: Period) -> dict[datetime, float]:
    """Return what intervals without overlaps come to in the civil buckets they touch, one by one."""
    bounds = edges(min(begin for begin, *_ in given), max(end for _, end, _ in given), period, ZONE)
    found = {}
    for start, stop in pairwise(bounds.tolist()):
        parts = [
            amount * (min(end, stop) - max(begin, start)) / (end - begin)
            for begin, end, amount in given
            if begin < stop and end > start
        ]
        if parts:
            found[from_micros(start)] = fsum(parts)
    return found


def random_lengths(seed: int, count: int = 40) -> list[Given]:
    """Return intervals from minutes to days, of which some are missing, over the night in which clocks go forward."""
    random = Random(seed)
    time, given = START, list[Given]()
    for _ in range(count):
        length = round(random.choice([5 * MINUTE, QUARTER, HOUR, 7 * HOUR, 2 * DAY]) * random.uniform(0.5, 1.5))
        begin, time = time, time + length // SECOND * SECOND
        given.append((begin, time, round(random.uniform(0, 9), 3)))
        time += (random.random() < 0.2) * random.randrange(40, 600) * MINUTE
    return given


QUARTER = 15 * MINUTE


@pytest.mark.parametrize("seed", range(4))
def test_what_was_counted_is_in_the_hours_days_and_months_it_was_counted_in_whatever_comes_when(
    connection: Connection, seed: int
) -> None:
    given, random = random_lengths(seed), Random(seed)
    messages = [message(*one) for one in given + given[::5]]
    random.shuffle(messages)
    working = worker(connection)
    while messages:
        size = random.randrange(1, 12)
        send(connection, *messages[:size])
        messages = messages[size:]
        if random.random() < 0.7:
            working.cycle()
    drain(working)
    for period in (Period.HOUR, Period.DAY, Period.MONTH):
        assert sums(connection, period.value) == pytest.approx(truth(given, period))
    assert rolled_up(connection) == from_scratch(connection)


def test_quarter_hours_know_of_begins_as_well(connection: Connection) -> None:
    given = [(NOON, NOON + 40 * MINUTE, 4.0), (NOON + 40 * MINUTE, NOON + 60 * MINUTE, 6.0)]
    send(connection, *(message(*one) for one in given))
    (series,) = find(connection, ["harbour"], SeriesFilters())
    bounds = quarters(NOON - 10 * MINUTE, NOON + 50 * MINUTE, ZONE)
    quarter_hour = quarter_hours(connection, series, bounds)
    found = dict(zip(map(from_micros, quarter_hour.bucket.tolist()), quarter_hour.total.tolist(), strict=True))
    assert found == pytest.approx(
        {from_micros(NOON + at * MINUTE): amount for at, amount in [(-10, 0.5), (5, 1.5), (20, 1.5), (35, 0.5 + 3.0)]}
    )


def test_listed_readings_have_the_begin_that_was_given(connection: Connection) -> None:
    send(connection, message(NOON - 40 * MINUTE, NOON, 4.0), message(None, NOON + HOUR, 6.0))
    (series,) = find(connection, ["harbour"], SeriesFilters())
    times, values = np.array([NOON, NOON + HOUR]), np.array([4.0, 6.0])
    for first, expected in ((0, [NOON - 40 * MINUTE, ABSENT]), (1, [ABSENT]), (2, [])):
        assert begins(connection, series.series_id, times[first:], values[first:]).tolist() == expected


def test_the_first_reading_reaches_back_to_its_begin_when_its_value_or_begin_is_revised(
    connection: Connection,
) -> None:
    send(connection, message(NOON - 90 * DAY, NOON, 2160.0, 1), message(NOON, NOON + HOUR, 1.0))
    assert fsum(sums_of(connection).values()) == pytest.approx(2161.0)
    send(connection, message(NOON - 90 * DAY, NOON, 4320.0, 2))
    assert fsum(sums_of(connection).values()) == pytest.approx(4321.0)
    send(connection, message(NOON - 30 * DAY, NOON, 4320.0, 3))
    found = sums_of(connection)
    assert fsum(found.values()) == pytest.approx(4321.0)
    assert min(found) == from_micros(NOON - 30 * DAY).replace(minute=0)
    assert rolled_up(connection) == from_scratch(connection)


def sums_of(connection: Connection) -> dict[datetime, float]:
    drain(worker(connection))
    return sums(connection, "hour")


def test_an_earlier_reading_takes_the_place_of_what_a_longer_one_told_of_the_time_before_it(
    connection: Connection,
) -> None:
    send(connection, message(NOON - 10 * DAY, NOON, 240.0))
    drain(worker(connection))
    send(connection, message(NOON - 5 * DAY - HOUR, NOON - 5 * DAY, 7.0))
    assert fsum(sums_of(connection).values()) == pytest.approx(7.0 + 120.0)
    assert rolled_up(connection) == from_scratch(connection)


def test_of_amounts_that_end_together_the_one_that_holds_has_its_own_interval(connection: Connection) -> None:
    month, hour = message(NOON - 30 * DAY, NOON, 720.0), message(NOON - HOUR, NOON, 2.0, 1)
    for order in permutations([month, hour, message(None, NOON, 2.5)]):
        forget(connection)
        for one in order:
            send(connection, one)
            drain(worker(connection))
        assert fsum(sums_of(connection).values()) == pytest.approx(2.0), "the value that was issued last holds"
        assert len(sums(connection, "day")) == 1
    send(connection, message(NOON - 30 * DAY, NOON, 720.0, 2))
    assert len(sums(connection, "day")) == 1
    assert len(sums_of(connection)) > 700


def forget(connection: Connection) -> None:
    connection.execute("truncate observation, conflict, interval_begin, observation_mark, rollup_row, rollup_block")


def test_of_several_begins_of_one_value_the_latest_holds_in_every_order_and_a_revision_before_it(
    connection: Connection,
) -> None:
    given = [message(NOON - hours * HOUR, NOON, 6.0) for hours in (6, 2, 3)] + [message(None, NOON, 6.0)]
    for order in permutations(given):
        forget(connection)
        for one in order:
            send(connection, one)
            drain(worker(connection))
        assert begun(connection) == NOON - 2 * HOUR
    for order in permutations([*given[:2], message(NOON - 5 * HOUR, NOON, 6.0, 1)]):
        forget(connection)
        for one in order:
            send(connection, one)
        assert begun(connection) == NOON - 5 * HOUR


def begun(connection: Connection) -> int:
    """Return when the first hour that is known begins, by what lies in it."""
    drain(worker(connection))
    row = connection.execute("select covered_from from rollup where period = 'hour' order by bucket limit 1").fetchone()
    assert row is not None
    return to_micros(row[0])


def test_a_begin_that_comes_again_changes_nothing(connection: Connection) -> None:
    once = message(NOON - 6 * HOUR, NOON, 6.0)
    assert send(connection, once, once) == Receipt(stored=1, duplicate=1)
    drain(worker(connection))
    assert send(connection, once) == Receipt(duplicate=1)
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)


def test_the_rank_of_a_source_decides_about_begins_and_another_rank_decides_again(connection: Connection) -> None:
    send(connection, message(NOON - 2 * HOUR, NOON, 6.0), source="mqtt")
    send(connection, message(NOON - 6 * HOUR, NOON, 6.0), source="kafka")
    assert begun(connection) == NOON - 2 * HOUR
    city = parse(town(METER, sources={"kafka": 1}), "harbour.yaml")
    with connection.transaction():
        ranks.declare(connection, city)
    assert begun(connection) == NOON - 6 * HOUR


def test_a_corrected_value_keeps_the_interval_of_what_was_reported_and_so_does_its_withdrawal(
    connection: Connection,
) -> None:
    send(connection, message(NOON - 6 * HOUR, NOON, 6.0, 1), message(NOON - 2 * HOUR, NOON, 9.0))
    (series,) = registered(connection).series.values()
    entry = CorrectionEntry(series, NOON, NOON + 1, 12.0, "me", "read again")
    number = corrections.enter(connection, entry, corrections.corrected(connection, entry), NOON + HOUR)
    assert begun(connection) == NOON - 6 * HOUR
    assert fsum(sums_of(connection).values()) == pytest.approx(12.0)
    assert corrections.withdraw(connection, number, "me", "mistaken", NOON + 2 * HOUR)
    assert begun(connection) == NOON - 6 * HOUR
    assert fsum(sums_of(connection).values()) == pytest.approx(6.0)


def test_begins_of_readings_that_were_dropped_are_forgotten_and_those_that_were_kept_are_not(
    connection: Connection,
) -> None:
    given = [(NOON + hour * HOUR, NOON + (hour + 1) * HOUR, 1.0) for hour in range(3)]
    send(connection, *(message(*one) for one in given))
    connection.execute("delete from observation where time = %s", [from_micros(given[0][1])])
    interval_begins.forget(connection, from_micros(given[2][1]))
    left = connection.execute("select time from interval_begin order by time").fetchall()
    assert left == [(from_micros(end),) for _, end, _ in given[1:]]


MAPPING = """
name: bills
source: made up
begin: {column: from}
end: {column: to}
device: {native_id: meter}
values: [{column: kwh, quantity: electricity_energy}]
"""


def test_a_file_says_what_messages_say_and_a_later_one_with_another_begin_holds(
    connection: Connection, tmp_path: Path
) -> None:
    given = random_lengths(7)
    (tmp_path / "bills.yaml").write_text(MAPPING)

    def replay(rows: Sequence[Given], now: int) -> Receipt:
        lines = [f"{isoformat(begin)},{isoformat(end)},{amount}" for begin, end, amount in rows]
        (tmp_path / "bills.csv").write_text("from,to,kwh\n" + "\n".join(lines) + "\n")
        catalogue: Catalogue = registered(connection)
        stream = Stream(Sink(connection, catalogue, "replay:bills"), catalogue)
        parts = History(load(tmp_path / "bills.yaml"), catalogue, "harbour").replay(tmp_path / "bills.csv", stream, now)
        return sum((receipt for _, receipt in parts), Receipt())

    assert replay(given, NOON * 2) == Receipt(stored=len(given))
    from_file = rolled_up(connection)
    forget(connection)
    send(connection, *(message(*one) for one in given))
    assert rolled_up(connection) == from_file
    forget(connection)
    first, *others = given
    earlier = (first[0] - 3 * HOUR, *first[1:])
    replay(given, NOON * 2)
    assert replay([earlier, *others], NOON * 2 + 1) == Receipt(duplicate=len(given))
    assert begun(connection) == earlier[0]
    replay(given, NOON * 2 + 2)
    assert begun(connection) == earlier[0], "a former file that is loaded again changes nothing"
    assert sums(connection, "day") == pytest.approx(truth([earlier, *others], Period.DAY))


def test_what_is_no_interval_costs_itself_only(connection: Connection) -> None:
    good = message(NOON - HOUR, NOON, 1.0)
    bad = [message(NOON, NOON, 2.0), message(NOON + SECOND, NOON, 3.0), message(NOON - 401 * DAY, NOON, 4.0)]
    assert send(connection, *bad, good) == Receipt(stored=1, quarantined=3)
    assert np.isclose(fsum(sums_of(connection).values()), 1.0)
    told = connection.execute("select distinct reason from quarantine").fetchall()
    assert told == [("bad_interval",)]
    assert timedelta(0) < from_micros(NOON) - min(sums(connection, "hour")) < timedelta(hours=2)
