"""``pharos conformance`` on a real database: good readings and bad ones of one device, as they were taken."""

import json
import time

import pytest
import typer
from msgspec import structs
from typer.testing import CliRunner, Result

from deploy.cli import conformance
from deploy.errors import UnknownDeviceError
from ingest.model.observation import RawMessage
from ingest.model.time import MINUTE, SECOND
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync
from tests import towns
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

CITY = towns.city(heat_meter("heat_energy", "return_temperature", name="meter", every="PT5M", native_id="m-7"))
TOPIC = "pharos/v1/harbour/m-7/telemetry"


def test_what_a_device_did_is_told_from_what_is_stored_of_it(database_url: str) -> None:
    now = time.time_ns() // 1000
    begin, last = now - 50 * MINUTE, now - MINUTE
    said: list[tuple[int, dict[str, object]]] = [
        (begin + number * 5 * MINUTE, {"values": {"heat_energy": float(value), "return_temperature": 41.0}})
        for number, value in enumerate([1, 2, 3, 2, 4])
    ]
    said += [(begin + 40 * MINUTE, {"values": {"return_temperature": 412.0}}), (last, {"values": {"flow": 1.0}})]
    messages = [RawMessage(TOPIC, json.dumps({"time": at // 1000, **one}).encode(), at + SECOND) for at, one in said]
    with connect(database_url, "test") as connection:
        catalogue = sync(connection, [CITY])
        stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
        stream.accept(messages)
        again = [structs.replace(one, received_at=one.received_at + MINUTE) for one in messages[:2]]
        stream.accept([again[0], *again])  # each of its 2 readings, which are known, and one message twice at once
        asked = Sink(connection, catalogue, "pull:hub")
        Stream(asked, catalogue).accept(again)
    app = typer.Typer()
    conformance.register(app)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": database_url})

    told = run("harbour", "m-7", "--json")
    assert told.exit_code == 1, told.output
    document = json.loads(told.output)
    wrong = {one["rule"]: one["found"] for one in document["findings"] if one["verdict"] == "wrong"}
    assert document["device"] == "meter"
    assert wrong["sent once"].startswith("6 readings came again")
    assert set(wrong) == {"sent once", "quantities", "plausible values", "register heat_energy"}
    assert "falls by 1 kWh" in wrong["register heat_energy"]
    assert "412 is outside of what is possible" in wrong["plausible values"]
    assert "<td>register heat_energy</td>" in run("harbour", "meter", "--html").output
    assert "4 wrong" in run("harbour", "meter").output
    quiet = json.loads(run("harbour", "meter", "--since", "PT1S", "--json").output)
    assert quiet["findings"][0]["found"].startswith("0 stored")
    assert isinstance(run("harbour", "metre").exception, UnknownDeviceError)
