"""Sessions that readings tell of, kept: a function of the stored readings, whatever order they came in."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random

import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.city_file import parse
from ingest.model.session import Session
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from processors import session_assembly
from processors.known_sessions import known, points
from processors.rollup_worker import RollupWorker
from processors.session_traces import Asked, assembled
from processors.storage import retention
from processors.storage.database import Connection, connect
from processors.storage.registry import sync
from processors.storage.rollups import RollupStore

pytestmark = pytest.mark.integration

CITY = """
name: testville
title: Testville
country: EE
timezone: Europe/Tallinn
role: network
sites: [{name: quay, vertical: ev_charging}]
devices:
  - name: plugged
    site: quay
    type: charging_point
    carrier: electricity
    direction: consumption
    expected_interval: PT5M
    series: [{quantity: plugged_in, max_gap: PT1H}, {quantity: electricity_energy},
             {quantity: charging_sessions, kind: session}]
  - name: stated
    site: quay
    type: charging_point
    carrier: electricity
    direction: consumption
    expected_interval: PT5M
    series: [{quantity: connector_status, max_gap: PT1H}, {quantity: electricity_energy},
             {quantity: charging_sessions, kind: session}]
"""
START = to_micros(datetime(2024, 10, 26, 12, tzinfo=UTC))  # before the night in which clocks go back
Reading = tuple[int, int, float]
Minutes = list[tuple[int, float]]
PLUG_VALUES = {"plugged_in": (0.0, 1.0), "connector_status": tuple(map(float, range(9)))}


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as connection:
        connection.autocommit = True  # what a test looks at leaves no transaction open
        yield connection


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    return sync(connection, [parse(CITY, "testville.yaml")])


def series(catalogue: Catalogue, device: str, quantity: str) -> int:
    return catalogue.devices["testville", device].series[quantity].series_id


def trace(catalogue: Catalogue, seed: int, count: int = 120) -> list[Reading]:
    """Return what both points report: vehicles for a while, registers that slip and restart, silences."""
    random, readings = Random(seed), []
    for one in catalogue.series.values():
        time, value, level = START, 0.0, 100.0
        for _ in range(count if one.kind.value != "session" else 0):
            time += random.randrange(1, 12) * MINUTE + (random.random() < 0.04) * random.randrange(1, 5) * HOUR
            if one.quantity == "electricity_energy":
                level = random.choice(
                    [level, level + random.random() * 2, level + 1.0, 0.5 if random.random() < 0.05 else level]
                )
                value = level
            elif random.random() < 0.3:
                value = random.choice(PLUG_VALUES[one.quantity])
            readings.append((one.series_id, time, value))
    return readings


def store(connection: Connection, readings: list[Reading]) -> None:
    """Store readings and their marks as the sink does, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        times = [time for _, time, _ in readings]
        cursor.execute("select ensure_partitions(%s, %s)", (from_micros(min(times)), from_micros(max(times))))
        cursor.executemany(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " values (%s, %s, %s, now(), 1, 0) on conflict (series_id, time) do update set value = excluded.value",
            [(series_id, from_micros(time), value) for series_id, time, value in readings],
        )
        for series_id in {one for one, *_ in readings}:
            own = [time for other, time, _ in readings if other == series_id]
            cursor.execute(
                "insert into observation_mark (series_id, from_time, to_time) values (%s, %s, %s)",
                (series_id, from_micros(min(own)), from_micros(max(own))),
            )


def drain(worker: RollupWorker) -> None:
    while worker.cycle().spans:
        pass


def kept(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select device_id, begin_at, end_at, energy_kwh, name, rank from charging_session join source using (source_id)"
        " order by 1, 2"
    ).fetchall()


def counted(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select period, series_id, bucket, count, total, measured, covered_from, covered_to from rollup"
        " join series using (series_id) where kind = 'session' order by 1, 2, 3"
    ).fetchall()


def from_readings(connection: Connection, catalogue: Catalogue) -> list[tuple[object, ...]]:
    """Return what assembling everything at once gives."""
    found = known(connection, catalogue, points(catalogue, None, None, None), START - DAY, START + 30 * DAY)
    rows = [
        (
            one.device.device_id,
            from_micros(one.session.begin),
            None if one.session.end is None else from_micros(one.session.end),
            one.session.energy_kwh,
            "assembled",
            -1,
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (row[0], row[1]))


@pytest.mark.parametrize("scope", ["lifetime", "session"])
@pytest.mark.parametrize("seed", range(4))
def test_order_batching_repetition_and_restarts_change_nothing(connection: Connection, seed: int, scope: str) -> None:
    registers = CITY.replace("electricity_energy", f"electricity_energy, register_contract: {{scope: {scope}}}")
    catalogue = sync(connection, [parse(registers, "testville.yaml")])
    readings, random = trace(catalogue, seed), Random(seed)
    arriving = sorted(readings, key=lambda one: one[1] + random.choice([0, 0, 0, 7, 30]) * HOUR)
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    while arriving:
        size = random.randrange(1, 50)
        store(connection, arriving[:size])
        arriving = arriving[size:]
        if random.random() < 0.6:
            worker.cycle()
        if random.random() < 0.1:
            worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    drain(worker)
    assert len(kept(connection)) > 10
    assert kept(connection) == from_readings(connection, catalogue)
    hours = counted(connection)
    connection.execute("truncate charging_session, rollup, rollup_mark, observation_mark")
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert counted(connection) == hours


def visit(
    catalogue: Catalogue, device: str, plug: list[tuple[int, float]], counts: list[tuple[int, float]]
) -> list[Reading]:
    """Return readings at minutes since START."""
    quantity = "plugged_in" if device == "plugged" else "connector_status"
    ids = series(catalogue, device, quantity), series(catalogue, device, "electricity_energy")
    return [
        (one, START + minute * MINUTE, value)
        for one, rows in zip(ids, (plug, counts), strict=True)
        for minute, value in rows
    ]


def test_a_free_hour_is_zero_and_an_unwatched_one_is_not_known(connection: Connection, catalogue: Catalogue) -> None:
    minutes = [*range(0, 121, 30), 300]
    readings = visit(
        catalogue, "stated", [(at, 2.0 if at in {60, 90} else 0.0) for at in minutes], [(0, 1.0), (120, 3.0)]
    )
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    hours = {row[2]: row[4] for row in counted(connection) if row[0] == "hour"}
    assert hours == {from_micros(START): 0.0, from_micros(START + HOUR): 1.0}


def test_a_plug_out_that_comes_late_divides_a_session(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    counts = [(at, 10.0 + at / 60) for at in range(0, 241, 10)]
    store(connection, visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (120, 1.0), (240, 0.0)], counts))
    drain(worker)
    assert [row[3] for row in kept(connection)] == [pytest.approx(4.0)]
    store(connection, visit(catalogue, "plugged", [(60, 0.0)], []))
    drain(worker)
    assert kept(connection) == from_readings(connection, catalogue)
    assert len(kept(connection)) == 2
    store(connection, visit(catalogue, "plugged", [(60, 1.0)], []))  # a correction
    drain(worker)
    assert [row[3] for row in kept(connection)] == [pytest.approx(4.0)]


def test_sessions_outlast_the_readings_they_were_assembled_from(connection: Connection, catalogue: Catalogue) -> None:
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    counts = [(at, 10.0 + at / 60) for at in range(0, 241, 10)]
    later = 60 * 24 * 60  # sixty days
    plug = [(0, 0.0), (10, 1.0), (120, 0.0), (240, 0.0), (later, 0.0), (later + 10, 1.0), (later + 20, 0.0)]
    store(connection, visit(catalogue, "plugged", plug, [*counts, (later, 20.0), (later + 30, 21.0)]))
    drain(worker)
    connection.execute("truncate rollup_mark")
    before, hours = kept(connection), counted(connection)
    expiry = retention.expire(connection, 400, from_micros(START + 440 * DAY))
    assert expiry.horizon is not None
    store(connection, visit(catalogue, "plugged", [(later + 15, 1.0)], []))
    drain(worker)
    assert kept(connection) == before
    assert counted(connection) == hours
    found = known(connection, catalogue, points(catalogue, None, None, None), START, START + 90 * DAY)
    assert [(from_micros(one.session.begin), one.is_recorded) for one in found] == [(row[1], False) for row in before]


def test_a_series_of_sessions_that_is_declared_later_counts_those_before(connection: Connection) -> None:
    without = CITY.replace(",\n             {quantity: charging_sessions, kind: session}]", "]")
    catalogue = sync(connection, [parse(without, "testville.yaml")])
    readings = visit(
        catalogue, "plugged", [(0, 0.0), (30, 1.0), (60, 0.0), (90, 0.0), (120, 0.0)], [(0, 1.0), (90, 2.0)]
    )
    store(connection, readings)
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    declared = sync(connection, [parse(CITY, "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: declared))
    assert [row[4] for row in counted(connection) if row[0] == "hour"] == [1.0, 0.0]


def test_an_older_database_has_its_sessions_assembled_once(connection: Connection, catalogue: Catalogue) -> None:
    plug = [(0, 0.0), (30, 1.0), (60, 0.0), (90, 1.0), (120, 0.0)]
    store(connection, visit(catalogue, "plugged", plug, [(0, 1.0), (70, 2.0), (150, 3.0)]))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    before = kept(connection)
    connection.execute("truncate charging_session, observation_mark")  # as a worker leaves it that knows none of this
    connection.execute("delete from source where name = 'assembled'")
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert kept(connection) == before
    assert len(before) == 2
    RollupWorker(RollupStore(connection), lambda: catalogue)
    assert connection.execute("select count(*) from observation_mark").fetchone() == (0,)


def declaring(entry: str, register: str) -> str:
    """Return the city with something else declared of the point with a plug, and of its register."""
    return CITY.replace("expected_interval: PT5M", f"expected_interval: PT5M\n    {entry}", 1).replace(
        "{quantity: electricity_energy}", f"{{quantity: electricity_energy, {register}}}", 1
    )


def energies(connection: Connection) -> list[object]:
    return [row[3] for row in kept(connection)]


def test_a_contract_from_a_day_on_leaves_earlier_sessions_as_they_were(connection: Connection) -> None:
    catalogue = sync(connection, [parse(declaring("", "register_contract: {scope: session}"), "testville.yaml")])
    counts = [(0, 0.0), (20, 10.0), (40, 30.0), (60, 5.0), (90, 10.0)]
    store(connection, visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (90, 0.0)], counts))
    dated = "register_contract: [{scope: session, valid_to: 2024-11-01}, {valid_from: 2024-11-01}]"
    catalogue = sync(connection, [parse(declaring("", dated), "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert energies(connection) == [30.0, 10.0]


@pytest.mark.parametrize(("closing", "expected"), [(", closing: {electricity_energy: 107}", 19.0), ("", None)])
def test_a_meter_that_was_replaced_is_not_energy(
    connection: Connection, catalogue: Catalogue, closing: str, expected: float | None
) -> None:
    counts = [(0, 90.0), (30, 105.0), (60, 2000.0), (90, 2000.0)]
    store(connection, visit(catalogue, "plugged", [(0, 0.0), (10, 1.0), (90, 0.0)], counts))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    entry = f"replacements: [{{at: '{from_micros(START + HOUR)}', opening: {{electricity_energy: 1998}}{closing}}}]"
    replaced = sync(connection, [parse(declaring(entry, "max_gap: PT1H"), "testville.yaml")])
    drain(RollupWorker(RollupStore(connection), lambda: replaced))
    assert energies(connection) == [expected]


def vehicles_each_day(catalogue: Catalogue, days: range) -> list[Reading]:
    """Return a vehicle on each of some days, from the first to the second hour, and a register read with the plug."""
    plug = [(day * 1440 + minute, float(60 <= minute < 120)) for day in days for minute in range(0, 1440, 60)]
    return visit(catalogue, "plugged", plug, [(minute, minute / 1440) for minute, _ in plug])


def test_a_late_reading_and_a_live_one_leave_alone_what_lies_between(
    connection: Connection, catalogue: Catalogue
) -> None:
    readings = vehicles_each_day(catalogue, range(25))
    late = visit(catalogue, "plugged", [(90, 0.0)], [])
    live = visit(catalogue, "plugged", [(24 * 1440 + 1400, 1.0)], [(24 * 1440 + 1400, 24.99)])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    store(connection, readings)
    drain(worker)
    between = from_micros(START + 10 * DAY), from_micros(START + 11 * DAY)
    connection.execute("update charging_session set energy_kwh = 7 where begin_at between %s and %s", between)
    store(connection, late)
    store(connection, live)
    drain(worker)
    found, expected = kept(connection), from_readings(connection, catalogue)
    assert [row[3] for row, other in zip(found, expected, strict=True) if row != other] == [7.0]


def test_a_long_time_is_assembled_in_parts(
    connection: Connection, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_assembly, "READINGS_AT_ONCE", 100)
    parts: list[int] = []

    def watched(connection: Connection, catalogue: Catalogue, asked: Sequence[Asked]) -> list[list[Session]]:
        parts.extend(one.end - one.start for one in asked)
        return assembled(connection, catalogue, asked)

    monkeypatch.setattr(session_assembly, "assembled", watched)
    store(connection, vehicles_each_day(catalogue, range(20)))
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    assert max(parts) == 100 * 5 * MINUTE
    assert kept(connection) == from_readings(connection, catalogue)
    assert [row[4] for row in counted(connection) if row[0] == "month"] == [6.0, 14.0]


def test_a_register_that_starts_anew_while_the_plug_is_read_begins_a_session_as_readings_come(
    connection: Connection,
) -> None:
    catalogue = sync(connection, [parse(declaring("", "register_contract: {scope: session}"), "testville.yaml")])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    plug = [(0, 0.0), *((minute, 1.0) for minute in range(10, 120, 10)), (120, 0.0), (130, 0.0)]
    for minute, value in plug:
        store(connection, visit(catalogue, "plugged", [(minute, value)], [(minute, float(minute % 40))]))
        drain(worker)
    assert kept(connection) == from_readings(connection, catalogue)
    assert len(kept(connection)) == 3
