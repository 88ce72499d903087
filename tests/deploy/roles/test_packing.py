"""The chore of who rolls up that packs hours and readings: round after round, and only what has rested."""

from datetime import UTC, datetime
from typing import Final

import pytest

from deploy.roles import packing
from deploy.roles.packing import EVERY_SECONDS, Packing
from processors.storage.database import Connection, connect

NOW: Final = datetime(2026, 3, 10, 12, tzinfo=UTC)
SERIES: Final = """
    with home as (
        insert into city (name, title, country, timezone, role, document)
        values ('testville', 'Testville', 'DK', 'UTC', 'lighthouse', '{}') returning city_id
    ), place as (
        insert into site (city_id, name, title, vertical, facts)
        select city_id, 'a', 'A', 'buildings', '{}' from home returning city_id, site_id
    ), meter as (
        insert into device (city_id, site_id, name, title, type, native_id, expected_interval)
        select city_id, site_id, 'm', 'M', 'heat_meter', 'm', '15 min' from place returning device_id
    )
    insert into series (device_id, quantity, unit, kind, max_gap)
    select device_id, quantity, 'kWh', 'gauge', '1 hour' from meter, unnest('{x,y,z}'::text[]) as quantity
"""
HOURS: Final = """
    insert into rollup_hour (series_id, bucket, bucket_end, count, estimated, measured, weighted, updated_at)
    select series_id, b, b + interval '1 hour', 1, 0, 3600, 3600, now() - interval '1 day'
    from series, generate_series('2026-02-20Z'::timestamptz, '2026-03-10 11:00Z', '1 hour') as b
"""
READINGS: Final = """
    insert into observation (time, received_at, value, series_id, source_id, quality)
    select t, t, 1, series_id, 1, 0
    from series, generate_series('2026-01-10Z'::timestamptz, '2026-03-10Z', '30 min') as t
"""


@pytest.mark.integration
def test_hours_of_past_days_are_packed_round_after_round(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "SERIES_AT_ONCE", 2)
    monkeypatch.setattr(packing, "TOLD_FROM", 1)
    clock = [0.0]

    def ticking() -> float:
        clock[0] += 0.15  # so that a step fills the time of one call
        return clock[0]

    with connect(database_url, "test") as connection:
        connection.execute(SERIES)
        connection.execute(HOURS)
        connection.commit()
        chore = Packing(ticking, lambda: NOW)
        chore.attend(connection)
        assert _left(connection) == (36 * 2 + 444, 2)
        assert chore.notes() == [
            "hours of a former version are being moved from rows into blocks: 6 blocks so far, at series 2"
        ]
        chore.attend(connection)
        chore.attend(connection)
        assert _left(connection) == (36 * 3, 3)
        assert chore.notes() == []
        connection.execute("update rollup_block set is_open = true")
        connection.commit()
        chore.attend(connection)  # the next round has not begun
        clock[0] += EVERY_SECONDS
        chore.attend(connection)
        assert _left(connection) == (36 * 3, 3)


@pytest.mark.integration
@pytest.mark.parametrize(("applied", "told"), [("2026-01-05Z", []), ("2026-03-12Z", ["readings of a former version"])])
def test_readings_are_packed_and_only_what_a_former_version_left_is_told_of(
    database_url: str, monkeypatch: pytest.MonkeyPatch, applied: str, told: list[str]
) -> None:
    monkeypatch.setattr(packing, "TOLD_FROM", 1)
    monkeypatch.setattr(packing, "SERIES_AT_ONCE", 2)
    clock = [0.0]

    def ticking() -> float:
        clock[0] += 0.15
        return clock[0]

    with connect(database_url, "test") as connection:
        connection.execute(SERIES)
        connection.execute("select ensure_partitions('2026-01-01Z', '2026-03-01Z')")
        connection.execute(READINGS)
        connection.execute("update schema_migration set applied_at = %s", [applied])
        connection.commit()
        chore = Packing(ticking, lambda: NOW)
        chore.attend(connection)
        assert [note.partition(" are being moved")[0] for note in chore.notes()] == told
        chore.attend(connection)
        chore.attend(connection)
        assert chore.notes() == []
        rows = connection.execute("select count(*), min(time)::date::text from observation").fetchone()
        assert rows == (3 * 97, "2026-03-08")  # of the eight days that are not over


def _left(connection: Connection) -> tuple[int, int]:
    """Return how many hours are rows, and of how many series something is packed."""
    row = connection.execute(
        "select (select count(*) from rollup_hour), (select count(distinct series_id) from rollup_block)"
    ).fetchone()
    connection.commit()
    assert row
    return row[0], row[1]
