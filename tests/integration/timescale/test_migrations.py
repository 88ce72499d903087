"""The schema moves forward over a store that has compressed chunks."""

import pytest

from processors.storage.database import connect
from processors.storage.schema import columnstore
from processors.storage.schema.migrate import migrate, migrations

pytestmark = pytest.mark.integration

COMPRESSIBLE = "0001_schema"  # from here on observations can be compressed
READINGS = "select count(*), sum(value), min(time), max(time) from observation"
FILL = """
    insert into observation (time, received_at, value, series_id, source_id, quality)
    select at, at, extract(day from at), series, 1, 0
    from generate_series('2024-01-01'::timestamptz, '2024-04-01', '6 hours') at, generate_series(1, 3) series
"""


def test_every_migration_applies_while_chunks_are_compressed(empty_database_url: str) -> None:
    steps = migrations()
    migrate(empty_database_url, steps[:1])
    assert steps[0].name == COMPRESSIBLE
    with connect(empty_database_url, "test") as connection:
        connection.autocommit = True
        connection.execute(
            "alter table observation set (timescaledb.enable_columnstore, timescaledb.segmentby = 'series_id',"
            " timescaledb.orderby = 'time')"
        )
        connection.execute(FILL)
        connection.execute("select compress_chunk(chunk) from show_chunks('observation') as chunk")
        before = connection.execute(READINGS).fetchone()
        assert migrate(empty_database_url) == [step.name for step in steps[1:]]
        assert connection.execute(READINGS).fetchone() == before
        assert connection.execute(
            "select bool_and(is_compressed) from timescaledb_information.chunks where hypertable_name = 'observation'"
        ).fetchone() == (True,)
        assert columnstore.drift(connection) == []


@pytest.mark.parametrize(
    "statement",
    [
        "alter table observation add column note text",
        "alter table observation add column flags integer not null default 0",
        "alter table observation rename column quality to grade",
        "alter table observation drop column note",
    ],
)
def test_what_a_later_migration_may_do_to_compressed_observations(database_url: str, statement: str) -> None:
    with connect(database_url, "test") as connection:
        connection.autocommit = True
        if "drop" in statement:
            connection.execute("alter table observation add column note text")
        connection.execute(FILL)
        connection.execute("select compress_chunk(chunk) from show_chunks('observation') as chunk")
        before = connection.execute(READINGS).fetchone()
        connection.execute("drop schema grafana cascade")  # as a migration does
        connection.execute(statement.encode())
        assert connection.execute(READINGS).fetchone() == before
