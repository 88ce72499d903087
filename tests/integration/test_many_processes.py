"""``pharos process`` three times on one database, one killed and one frozen: hours are those that one process makes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from ingest.model.catalogue import Catalogue
from processors.storage.database import Connection
from tests.processors.rolled_up_city import rollups, trace
from tests.processors.stored_readings import roll_up_afresh, store
from tests.towns import heat_meter, sending, town
from tests.waiting import until

pytestmark = pytest.mark.integration

CITY: Final = town(
    *(heat_meter(sending("heat_energy"), "return_temperature", name=f"m{one}", every="PT15M") for one in range(12)),
    name="testville",
)


@contextmanager
def running(url: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PHAROS_DATABASE_URL": url, "PHAROS_DATA": str(data)}
    command = [sys.executable, "-c", "from deploy.cli import main; main()", "process"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_of_three_processes_one_is_killed_and_one_is_frozen_and_the_hours_are_those_of_one(
    database_url: str, connection: Connection, catalogue: Catalogue, tmp_path: Path
) -> None:
    readings = trace(catalogue, 3, 60)
    third = len(readings) // 3

    def at_work() -> int:
        return len(connection.execute("select from at_work where application = 'pharos process'").fetchall())

    def nothing_waits() -> bool:
        return not connection.execute("select 1 from observation_mark limit 1").fetchone()

    def share() -> list[int]:
        return sorted(
            count
            for (count,) in connection.execute(
                "select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 2 and database ="
                " (select oid from pg_database where datname = current_database()) group by pid"
            )
        )

    with (
        running(database_url, tmp_path / "a") as killed,
        running(database_url, tmp_path / "b") as frozen,
        running(database_url, tmp_path / "c"),
    ):
        until(lambda: share() == [21, 21, 22])
        store(connection, readings[:third], mark_each=True)
        killed.kill()
        store(connection, readings[third : 2 * third], mark_each=True)
        os.kill(frozen.pid, signal.SIGSTOP)
        store(connection, readings[2 * third :], mark_each=True)
        until(lambda: share() == [64] and nothing_waits())
        made = rollups(connection)
        os.kill(frozen.pid, signal.SIGCONT)
        until(lambda: share() == [32, 32] and at_work() == 2)  # it has come back, and has its share again
        assert nothing_waits()
        assert rollups(connection) == made
    roll_up_afresh(connection, catalogue)
    assert len(made) > 200
    assert made == rollups(connection)
