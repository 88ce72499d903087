"""Two charging points whose readings tell of sessions: what they report, and what is kept and counted of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from ingest.model.catalogue import Catalogue
from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from processors.sessions.known import known_sessions, points
from processors.storage.database import Connection
from tests.processors.stored_readings import Reading
from tests.towns import NOTHING, Declared, charging_point, sending, town

SESSIONS = sending("charging_sessions", kind="session")


def declaring(
    *,
    counted: Sequence[Declared] = (SESSIONS,),
    plugged: Declared = NOTHING,
    register: Declared = NOTHING,
    others: Declared = NOTHING,
) -> str:
    """Return the city with something else declared of the point with a plug, of its register and of the other one."""
    shared: dict[str, Any] = {"every": "PT5M"}
    plug, status = sending("plugged_in", max_gap="PT1H"), sending("connector_status", max_gap="PT1H")
    return town(
        charging_point(plug, sending("electricity_energy", **register), *counted, name="plugged", **shared, **plugged),
        charging_point(status, sending("electricity_energy", **others), *counted, name="stated", **shared),
        name="testville",
        zone="Europe/Tallinn",
    )


CITY = declaring()
START = to_micros(datetime(2024, 10, 26, 12, tzinfo=UTC))  # before the night in which clocks go back
PLUG_VALUES = {"plugged_in": (0.0, 1.0), "connector_status": tuple(map(float, range(9)))}


def series(catalogue: Catalogue, device: str, quantity: str) -> int:
    return catalogue.devices["testville", device].series[quantity].series_id


def trace(catalogue: Catalogue, seed: int, count: int = 120) -> list[Reading]:
    """Return what all points report: vehicles, registers that slip, restart and show what is not theirs."""
    random, readings = Random(seed), []
    for one in catalogue.series.values():
        time, value, level = START, 0.0, 100.0
        for _ in range(count if one.quantity in {*PLUG_VALUES, "electricity_energy"} else 0):
            time += random.randrange(1, 12) * MINUTE + (random.random() < 0.04) * random.randrange(1, 5) * HOUR
            if one.quantity == "electricity_energy":
                level = random.choice(
                    [level, level + random.random() * 2, level + 1.0, 0.5 if random.random() < 0.05 else level]
                )
                value = random.choice([9e5, 0.0]) if random.random() < 0.05 else level
            elif random.random() < 0.3:
                value = random.choice(PLUG_VALUES[one.quantity])
            readings.append((one.series_id, time, value))
    return readings


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


def vehicles_each_day(catalogue: Catalogue, days: range) -> list[Reading]:
    """Return a vehicle on each of some days, from the first to the second hour, and a register read with the plug."""
    plug = [(day * 1440 + minute, float(60 <= minute < 120)) for day in days for minute in range(0, 1440, 60)]
    return visit(catalogue, "plugged", plug, [(minute, minute / 1440) for minute, _ in plug])


def kept(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select device_id, begin_at, end_at, energy_kwh, name, rank from charging_session join source using (source_id)"
        " order by 1, 2"
    ).fetchall()


def energies(connection: Connection) -> list[object]:
    return [row[3] for row in kept(connection)]


def counted(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select period, series_id, bucket, count, total, measured, covered_from, covered_to from rollup"
        " join series using (series_id) where kind = 'session' order by 1, 2, 3"
    ).fetchall()


def from_readings(connection: Connection, catalogue: Catalogue) -> list[tuple[object, ...]]:
    """Return what assembling everything at once gives."""
    found = known_sessions(connection, catalogue, points(catalogue, None, None, None), START - DAY, START + 30 * DAY)
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
