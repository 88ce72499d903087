"""The same amounts, named after the begin or after the end of their interval, come to the same hours, in any night."""

import json
from datetime import date

import pytest

from ingest.decoders import DECODERS
from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, MINUTE
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.readings.sink import Sink
from processors.storage.rollups.rollups import RollupStore
from tests.processors.stored_readings import drain
from tests.towns import electricity_meter, sending, town

pytestmark = pytest.mark.integration

ZONE = "Europe/Copenhagen"
CITY = town(
    electricity_meter(sending("electricity_energy", kind="interval", stamping="begin"), name="begin", every="PT30M"),
    electricity_meter(sending("electricity_energy", kind="interval"), name="end", every="PT30M"),
    name="testville",
)


def message(device: str, begin: int, amount: float) -> RawMessage:
    stamp = begin if device == "begin" else begin + 30 * MINUTE
    payload = json.dumps({"time": stamp // 1000, "values": {"electricity_energy": amount}}).encode()
    return RawMessage(f"pharos/v1/testville/{device}/telemetry", payload, begin + HOUR)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 7, 1), 24)])
def test_both_stampings_come_to_the_same_hours(
    connection: Connection, catalogue: Catalogue, day: date, hours: int
) -> None:
    start = day_start(day, ZONE)
    stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue, decoder=DECODERS["pharos"])
    for half in range(-2, 2 * hours + 2):
        amounts = [message(device, start + half * 30 * MINUTE, 10.0 + half) for device in ("begin", "end")]
        assert stream.accept(amounts).stored == 2
    drain(RollupWorker(RollupStore(connection), lambda: catalogue))
    query = (
        "select period, bucket, total, measured, covered_from, covered_to from rollup join series using (series_id)"
        " join device using (device_id) where name = %s order by 1, 2"
    )
    by_begin, by_end = (connection.execute(query, (device,)).fetchall() for device in ("begin", "end"))
    assert by_begin == by_end
    [whole_day] = [row[2] for row in by_begin if row[0] == "day" and row[3] == hours * 3600.0]
    assert whole_day == sum(range(10, 10 + 2 * hours))
