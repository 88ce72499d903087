"""The views of dashboards: made with the schema, made anew when they differ, and read by their role alone."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.types.json import Jsonb

from ingest.model.freshness import LastSeen, state
from ingest.model.time import SECOND, from_micros
from processors.storage.database import Connection, connect
from processors.storage.schema import views
from processors.storage.schema.migrate import migrate, migrations

pytestmark = pytest.mark.integration

HOUR = 3_600 * SECOND


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        yield session


def test_the_views_come_with_the_schema(connection: Connection) -> None:
    assert {"city", "site", "device", "latest_value", "series", "kpi_value", "ledger"} <= _views(connection)


@pytest.mark.plain_tables
def test_views_that_are_current_are_left_alone(connection: Connection) -> None:
    assert not views.renew(connection)


@pytest.mark.plain_tables
def test_views_that_differ_are_made_anew_with_what_is_gone_removed(database_url: str, connection: Connection) -> None:
    current = _views(connection)
    connection.execute("create view grafana.of_an_older_version as select 1 as one")
    connection.execute("comment on schema grafana is 'of an older version'")
    connection.commit()
    migrate(database_url)
    assert _views(connection) == current


def test_a_migration_may_change_columns_that_views_read(empty_database_url: str) -> None:
    migrate(empty_database_url, migrations()[:-1])
    with connect(empty_database_url, "test") as session:
        session.execute("create schema grafana")
        session.execute("create view grafana.reader as select title from city")
    renaming = migrations()[-1]
    changed = type(renaming)(renaming.name, "alter table city alter column title type varchar(99)")
    assert migrate(empty_database_url, [*migrations()[:-1], changed]) == [changed.name]


def test_every_statement_says_what_it_is_for() -> None:
    assert all(statement.startswith("-- ") for statement in views.definitions())


@pytest.fixture
def dashboards(connection: Connection) -> Iterator[str]:
    """Return a role with the rights of the dashboards' role: roles belong to the server, so this test has its own."""
    role = f"test_{uuid4().hex}"
    rights = next(text for text in views.definitions() if "grant select" in text).replace("pharos_grafana", role)
    connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    connection.execute(rights.encode())
    connection.commit()
    yield role
    connection.rollback()
    connection.execute(sql.SQL("reset role; drop owned by {0}; drop role {0}").format(sql.Identifier(role)))
    connection.commit()


@pytest.mark.plain_tables
def test_the_role_of_the_dashboards_reads_every_view_and_no_table(connection: Connection, dashboards: str) -> None:
    tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    readable = _views(connection)
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(dashboards)))
    connection.commit()
    for view in readable:
        connection.execute(sql.SQL("select * from grafana.{}").format(sql.Identifier(view)))
    for (table,) in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(sql.SQL("select 1 from public.{}").format(sql.Identifier(table)))


@pytest.mark.plain_tables
def test_the_role_of_the_dashboards_writes_nothing(connection: Connection, dashboards: str) -> None:
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(dashboards)))
    connection.commit()
    for attempt in ("insert into grafana.city (city) values ('x')", "create table grafana.mine (a integer)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(attempt.encode())


ages = st.one_of(
    st.none(), st.integers(0, 14 * HOUR), st.sampled_from([2 * HOUR + 30 * SECOND, 10 * HOUR + 30 * SECOND])
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(observed=st.integers(0, 14 * HOUR) | st.none(), delay=st.integers(0, 4 * HOUR), refused=ages)
def test_the_state_in_the_view_is_the_state_everywhere_else(
    connection: Connection, observed: int | None, delay: int, refused: int | None
) -> None:
    try:
        now = _clock(connection)
        seen = None if observed is None else now - observed
        came = None if seen is None else min(now, seen + delay)
        _device(connection, seen, came, None if refused is None else now - refused)
        heard = LastSeen(seen, came, None if refused is None else now - refused)
        found = connection.execute("select state from grafana.device").fetchone()
        assert found == (state(heard, HOUR, now).value,)
    finally:
        connection.rollback()


def test_a_value_of_a_device_that_is_not_live_is_no_live_value(connection: Connection) -> None:
    now = _clock(connection)
    _device(connection, now - 5 * HOUR, now - 5 * HOUR, None)
    found = connection.execute("select value, live_value, state from grafana.latest_value").fetchall()
    assert found == [(21.5, None, "stale")]


@pytest.mark.parametrize("kind", ["register", "interval", "session"])
def test_an_amount_is_whole_or_null_whatever_a_series_is_made_of(connection: Connection, kind: str) -> None:
    _device(connection, None, None, None)
    connection.execute("update series set kind = %s", [kind])
    connection.execute(
        """
        insert into rollup_row (series_id, period, bucket, bucket_end, count, total, estimated, measured, weighted,
                            covered_from, covered_to, measured_from, measured_to)
        select series_id, 'hour', bucket, bucket + interval '1 hour', 1, 4.5, 0, 3600 * share, 0,
            bucket, bucket + share * interval '1 hour', bucket, bucket + share * interval '1 hour'
        from series, (values (timestamptz '2026-03-01 10:00Z', 1), ('2026-03-01 11:00Z', 0.5)) hour (bucket, share)
        """
    )
    found = connection.execute("select amount from grafana.series where time < '2026-03-02' order by time").fetchall()
    assert found == [(4.5,), (None,)]


def _clock(connection: Connection) -> int:
    """Return what now() says in this transaction, in microseconds."""
    row = connection.execute("select (extract(epoch from now()) * 1000000)::bigint").fetchone()
    assert row
    return int(row[0])


def _views(connection: Connection) -> set[str]:
    return {name for (name,) in connection.execute("select viewname from pg_views where schemaname = 'grafana'")}


def _device(connection: Connection, observed: int | None, received: int | None, refused: int | None) -> None:
    """Make one city with one hourly device of one series, last heard and last refused as given."""
    connection.execute(
        """
        with made as (
            insert into city (name, title, country, timezone, role, document)
            values ('c', 'C', 'DK', 'Europe/Copenhagen', 'lighthouse', '{"devices": [{"name": "d"}]}')
            returning city_id
        ), site as (
            insert into site (city_id, name, title, vertical, facts)
            select city_id, 's', 'S', 'buildings', '[]' from made
            returning site_id, city_id
        ), device as (
            insert into device (city_id, site_id, name, title, type, native_id, expected_interval)
            select city_id, site_id, 'd', 'D', 'heat_meter', 'd', '1 hour' from site
            returning device_id
        )
        insert into series (device_id, quantity, unit, kind, max_gap)
        select device_id, 'heat_energy', 'kWh', 'register', '6 hours' from device
        """
    )
    connection.execute("insert into source (city, name) values ('c', 'test')")
    if observed is not None and received is not None:
        connection.execute("select ensure_partitions(now() - interval '2 days', now())")
        connection.execute(
            "insert into observation select %s, %s, 21.5, series_id, source_id, 0 from series, source",
            [from_micros(observed), from_micros(received)],
        )
    if refused is not None:
        connection.execute(
            """
            insert into quarantine (digest, source_id, city, device, topic, reason, detail, payload, readings,
                                    first_received_at, last_received_at)
            select 'x', source_id, 'c', 'd', 't', 'clock_ahead', '', '', 1, now(), %s from source
            """,
            [from_micros(refused)],
        )


LISTED = [
    {"meter": "old", "valid_to": "2026-04-01"},
    {"meter": "new", "valid_from": "2026-04-01", "valid_to": "2026-06-01"},
]


@pytest.mark.parametrize(
    ("above", "day", "found"),
    [
        ("main", "2026-01-01", "main"),
        (None, "2026-01-01", None),
        (LISTED, "2026-03-31", "old"),
        (LISTED, "2026-04-01", "new"),
        (LISTED, "2026-06-01", None),
    ],
)
@pytest.mark.plain_tables
def test_the_meter_above_a_device_is_the_one_of_the_day(
    connection: Connection, above: object, day: str, found: str | None
) -> None:
    declaration = Jsonb({"name": "meter"} | ({} if above is None else {"submeter_of": above}))
    row = connection.execute("select grafana.meter_above(%s, %s)", (declaration, day)).fetchone()
    assert row == (found,)
