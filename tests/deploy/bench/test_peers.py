"""The bare reference stands for the least that storing costs, so it has to store everything, and once."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from deploy.bench.peers import peers
from ingest.model.time import SECOND
from processors.storage.database import connect
from simulators.load import QUANTITIES, Load

MESSAGES = 3_000


@pytest.mark.process
@pytest.mark.skipif(
    shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="mosquitto is not installed"
)
def test_the_bare_reference_stores_every_message_that_was_acknowledged_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(shutil.which("env") or "").parent))  # without Telegraf, wherever it is
    load = Load("bench", 50, 1_790_000_000_000_000, step=10 * SECOND)
    with connect(database_url, "bench") as watching:
        watching.autocommit = True
        found = peers(database_url, watching, load, MESSAGES)
    assert list(found) == ["reference"]
    assert found["reference"].messages_per_second > 0
    with psycopg.connect(database_url) as connection:
        rows, series = connection.execute("select count(*), count(distinct series_id) from reference").fetchone() or ()
        connection.execute("drop table reference")
    assert (rows, series) == (MESSAGES * len(QUANTITIES), 50 * len(QUANTITIES))
