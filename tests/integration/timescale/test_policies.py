"""Compression is declared once; what somebody changes stays, is reported by name, and is put back on request."""

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.db import register
from processors.storage.database import Connection
from processors.storage.schema import columnstore
from processors.storage.schema.examination import examine
from processors.storage.schema.migrate import migrate

pytestmark = pytest.mark.integration


def test_a_migrated_store_is_as_declared(connection: Connection) -> None:
    assert columnstore.drift(connection) == []
    assert all(examined.good for examined in examine(connection))
    subjects = {examined.subject for examined in examine(connection)}
    assert subjects == {"PostgreSQL server", "TimescaleDB", "privileges", "compression"}


def test_what_was_changed_is_named_stays_through_a_migration_and_is_put_back_on_request(
    connection: Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("call remove_columnstore_policy('observation')")
    connection.execute("call add_columnstore_policy('observation', after => interval '90 days')")
    migrate(database_url)
    assert [str(one) for one in columnstore.drift(connection)] == [
        "policy that compresses chunks: expected after 14 days, found after 90 days"
    ]
    app = typer.Typer()
    register(app)
    monkeypatch.setenv("PHAROS_DATABASE_URL", database_url)
    status = CliRunner().invoke(app, ["db", "status"])
    assert status.exit_code == 1
    assert "not as declared: policy that compresses chunks" in status.output
    assert CliRunner().invoke(app, ["db", "policies", "--apply"]).exit_code == 0
    assert columnstore.drift(connection) == []
    assert CliRunner().invoke(app, ["db", "status"]).exit_code == 0


def test_a_policy_that_drops_readings_whatever_rests_on_them_is_named(connection: Connection) -> None:
    connection.execute("select add_retention_policy('observation', interval '7 days')")
    connection.execute("select set_chunk_time_interval('observation', interval '7 days')")
    assert {one.subject: one.found for one in columnstore.drift(connection)} == {
        "length of a chunk": "7 days",
        "policy that drops readings": "after 7 days, whatever rests on them",
    }


def test_the_policy_compresses_what_ended_long_enough_ago_and_nothing_younger(connection: Connection) -> None:
    connection.execute(
        "insert into observation select now() - age * interval '1 day', now(), 1, 1, 1, 0"
        " from generate_series(0, 200, 10) as age"
    )
    (job,) = connection.execute("select job_id from timescaledb_information.jobs where proc_name ~ 'compr|columns'")
    connection.execute(f"call run_job({job[0]})".encode())
    chunks = connection.execute(
        "select is_compressed, range_end < now() - interval '14 days' from timescaledb_information.chunks"
        " where hypertable_name = 'observation'"
    ).fetchall()
    assert len(chunks) > 5
    assert all(is_compressed == is_old for is_compressed, is_old in chunks)
