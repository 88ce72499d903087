"""What Prometheus hears of the store: its size, its last backup, and what somebody changed of its policies."""

from pathlib import Path

import pytest

from kpi_engine.metrics.store import store_metrics
from processors.storage.database import Connection
from tests.stores import POSTGRESQL, TIMESCALEDB

pytestmark = pytest.mark.integration
BACKUP = Path(__file__).parents[3] / "deploy" / "docker" / "backup.sh"
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


def test_when_the_last_backup_began_is_what_the_backup_left(connection: Connection) -> None:
    connection.execute(COMMENT)
    assert told(connection)["pharos_backup_timestamp_seconds"] == 1_795_317_300
    assert "is 'last backup $began'" in BACKUP.read_text()


def test_a_comment_of_somebody_else_is_no_backup(connection: Connection) -> None:
    connection.execute(COMMENT.replace("last backup ", "moved on "))
    assert "pharos_backup_timestamp_seconds" not in told(connection)


@pytest.mark.parametrize("store", [TIMESCALEDB])
def test_what_somebody_changed_is_counted(connection: Connection) -> None:
    connection.execute("call remove_columnstore_policy('observation')")
    assert told(connection)["pharos_columnstore_drift"] == 1
