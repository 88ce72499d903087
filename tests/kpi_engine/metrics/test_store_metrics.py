"""What Prometheus hears of the store: its size, its last backup, and what somebody changed of its policies."""

from datetime import UTC, datetime

import pytest

from deploy.postgres.backup_times import Protection, note
from kpi_engine.metrics.store import store_metrics
from processors.storage.database import Connection
from tests.stores import POSTGRESQL, TIMESCALEDB

pytestmark = pytest.mark.integration
COMMENT = """
    do $$ begin
        execute format('comment on database %I is ''last backup 2026-11-22T03:15:00Z''', current_database());
    end $$
"""


def told(connection: Connection) -> dict[str, float]:
    return {sample.name: sample.value for metric in store_metrics(connection) for sample in metric.samples}


@pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])
def test_a_store_as_declared_has_a_size_no_drift_and_no_backup(connection: Connection) -> None:
    found = told(connection)
    assert found.pop("pharos_database_bytes") > 1_000_000
    assert found == {"pharos_columnstore_drift": 0}


def test_when_what_protects_the_store_was_last_done_is_what_each_left_beside_the_others(
    connection: Connection, database_url: str
) -> None:
    for number, done in enumerate(reversed(Protection)):
        note(database_url, done, datetime(2026, 11, 22, 3, 15, number, tzinfo=UTC))
    note(database_url, Protection.DUMP, datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC))
    found = told(connection)
    times = {name: value - 1_795_317_300 for name, value in found.items() if "timestamp" in name}
    assert times == {
        "pharos_backup_timestamp_seconds": 30,
        "pharos_base_backup_timestamp_seconds": 1,
        "pharos_backup_copy_timestamp_seconds": 2,
        "pharos_backup_drill_timestamp_seconds": 0,
    }


def test_a_comment_of_a_former_version_is_read(connection: Connection) -> None:
    connection.execute(COMMENT)
    assert told(connection)["pharos_backup_timestamp_seconds"] == 1_795_317_300


def test_an_archive_that_nobody_fills_is_told(connection: Connection) -> None:
    assert "pharos_archive_receiving" not in told(connection)
    connection.execute("select pg_create_physical_replication_slot('pharos_archive', true)")
    try:
        found = told(connection)
    finally:
        connection.execute("select pg_drop_replication_slot('pharos_archive')")
    assert (found["pharos_archive_receiving"], found["pharos_archive_broken"]) == (0, 0)
    assert found["pharos_archive_behind_bytes"] >= 0


def test_a_comment_of_somebody_else_is_no_backup(connection: Connection) -> None:
    connection.execute(COMMENT.replace("last backup ", "moved on "))
    assert "pharos_backup_timestamp_seconds" not in told(connection)


@pytest.mark.parametrize("store", [TIMESCALEDB])
def test_what_somebody_changed_is_counted(connection: Connection) -> None:
    connection.execute("call remove_columnstore_policy('observation')")
    assert told(connection)["pharos_columnstore_drift"] == 1
