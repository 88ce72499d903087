"""A day of a charging point that arrives late into compressed chunks: time by state and sessions are as if on time."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch, RawMessage, Resolved
from ingest.model.time import DAY, HOUR, to_micros
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.readings.sink import Sink
from processors.storage.rollups.rollups import RollupStore
from tests.towns import charging_point, sending, town

pytestmark = pytest.mark.integration

STATUS, COUNTED = sending("connector_status", max_gap="PT1H"), sending("charging_sessions", kind="session")
CITY = town(charging_point(STATUS, "electricity_energy", COUNTED, every="PT15M"))
START = to_micros(datetime(2024, 2, 1, tzinfo=UTC))
DAYS = 40
AHEAD = np.arange(DAYS * 96) * (HOUR // 4) + START
LATE_DAY = np.arange(96) * (HOUR // 4) + START + 3 * DAY
KEPT = (
    "select period, bucket, state, duration, count from state_duration order by 1, 2, 3",
    "select begin_at, end_at, energy_kwh from charging_session order by 1",
    "select period, bucket, count, total, covered_to from rollup join series using (series_id)"
    " where kind = 'session' order by 1, 2",
)


def write(connection: Connection, catalogue: Catalogue, times: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
    """Store and roll up what the point says: charging from the 20th to the 30th of each 40 quarter hours."""
    at = (times - START) // (HOUR // 4)
    is_in = (at % 40 >= 20) & (at % 40 < 30)
    said = {
        "connector_status": np.where(is_in, 2.0, 0.0),
        "electricity_energy": at // 40 * 10.0 + np.clip(at % 40 - 20, 0, 10),
    }
    nothing, none = np.zeros(len(times), np.int64), np.full(len(times), START + DAYS * DAY)
    sink = Sink(connection, catalogue, "mqtt")
    for quantity, values in said.items():
        series = catalogue.devices["harbour", "point"].series[quantity].series_id
        batch = ObservationBatch(np.full(len(times), series), times, values, none, nothing, nothing)
        sink.write(Resolved(batch), [RawMessage("topic", b"{}", START + DAYS * DAY)])
    worker = RollupWorker(RollupStore(connection), lambda: catalogue)
    while worker.cycle().spans:
        pass


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(query).fetchall() for query in KEPT]


def test_a_late_day_changes_what_it_should_and_nothing_else(connection: Connection, catalogue: Catalogue) -> None:
    write(connection, catalogue, np.setdiff1d(AHEAD, LATE_DAY))
    connection.execute("select compress_chunk(chunk) from show_chunks('observation') as chunk")
    without = kept(connection)
    write(connection, catalogue, LATE_DAY)
    late = kept(connection)
    assert without != late
    connection.execute(
        "truncate observation, observation_mark, rollup_row, rollup_block, rollup_mark, state_duration,"
        " charging_session"
    )
    write(connection, catalogue, AHEAD)
    assert late == kept(connection)
    assert len(late[1]) == DAYS * 96 // 40
