"""The hourly chore of ingest clears old payloads, and a database that is away does not end it."""

import time

import pytest
from structlog.testing import capture_logs

from deploy.roles.expiry import keep_expiring
from deploy.roles.role import Stop
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from ingest.model.time import DAY
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink

PATIENCE_SECONDS = 180.0


@pytest.mark.integration
def test_what_is_older_than_the_days_is_cleared_at_once_and_the_rest_kept(database_url: str, stop: Stop) -> None:
    now, nowhere = time.time_ns() // 1000, Catalogue([], Ids({}, {}))
    with connect(database_url, "test") as connection:
        stream = Stream(Sink(connection, nowhere, "mqtt"), nowhere)
        stream.accept([RawMessage("x", b"old", now - 8 * DAY), RawMessage("x", b"young", now - 6 * DAY)])
        thread = keep_expiring(database_url, 7, stop)
        deadline, left = time.monotonic() + PATIENCE_SECONDS, [b"old", b"young"]
        while len(left) > 1 and time.monotonic() < deadline:
            left = [
                bytes(row[0]) for row in connection.execute("select payload from quarantine where payload is not null")
            ]
            connection.rollback()
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert left == [b"young"]
    assert not thread.is_alive()


def test_a_database_that_is_away_is_said_and_tried_again_later(stop: Stop) -> None:
    with capture_logs() as logs:
        thread = keep_expiring("postgresql://nobody@127.0.0.1:1/nothing", 7, stop)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not logs and time.monotonic() < deadline:
            time.sleep(0.01)
        assert thread.is_alive()
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert not thread.is_alive()
