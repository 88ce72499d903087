"""``pharos device unknown`` and ``claim``: from who sent, by the lines that are written, to what is stored."""

import json
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.testing import CliRunner

from deploy import unknown_devices
from deploy.cli import city, device
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import sync

pytestmark = pytest.mark.integration

NOON = 1_795_262_400_000_000
HARBOUR = """\
name: harbour
title: Harbour
country: DK
timezone: Europe/Copenhagen
role: follower
sites:
  - {name: house, title: House, vertical: buildings}
devices:
  - name: main  # the one there is
    site: house
    type: electricity_meter
    carrier: electricity
    direction: consumption
    expected_interval: PT15M
    series: [{quantity: electricity_energy}]
"""


def test_who_is_not_declared_is_shown_written_down_and_claimed(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_devices, "configure", lambda _role: None)
    app, file = typer.Typer(), tmp_path / "harbour.yaml"
    for command in (city, device):
        command.register(app)
    environment = {"PHAROS_DATABASE_URL": database_url, "PHAROS_DATA": str(tmp_path / "data")}

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, arguments, env=environment)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    file.write_text(HARBOUR)
    with connect(database_url, "test") as connection:
        catalogue = sync(connection, [city_file.parse(HARBOUR, "harbour")])
        said = [json.dumps({"energy": 100.0 + number}).encode() for number in range(5)]
        Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept(
            [RawMessage("zigbee2mqtt/plug", one, NOON + number * 60_000_000) for number, one in enumerate(said)]
        )
    (listed,) = json.loads(run("device", "unknown", "list", "--json"))["unknown"]
    assert (listed["origin"], listed["messages"], listed["kept"]) == ("zigbee2mqtt/plug", 5, 5)
    shown = json.loads(run("device", "unknown", "show", "zigbee2mqtt/plug", "--json"))
    assert (shown["guess"]["decoder"], shown["is_declared"]) == ("zigbee2mqtt", False)
    assert "Most likely zigbee2mqtt, every PT1M" in run("device", "unknown", "show", "zigbee2mqtt/plug")
    assert "decoder: zigbee2mqtt" in run("device", "claim", "zigbee2mqtt/plug", "--print")
    undeclared = CliRunner().invoke(app, ["device", "claim", "zigbee2mqtt/plug"], env=environment)
    assert (undeclared.exit_code, "no city file that is applied declares it" in undeclared.stderr) == (1, True)
    run("device", "claim", "zigbee2mqtt/plug", "--gateway", "bridge", "--write", str(file))
    assert "# the one there is" in file.read_text()
    run("city", "apply", str(file))
    claimed = json.loads(run("device", "claim", "zigbee2mqtt/plug", "--json"))
    assert (claimed["stored"], claimed["quarantined"]) == (5, 0)
    assert json.loads(run("device", "unknown", "list", "--json"))["unknown"] == []


MISREAD: Final = """\
bindings:
  - {name: acme, topic: "acme/{device}/up", decoder: mapping, gateway: bridge,
     mapping: {time: {column: ts, epoch: s}, values: [{column: kwh, quantity: electricity_energy}]}}
"""


def test_who_is_declared_and_whose_messages_are_refused_is_told_why(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_devices, "configure", lambda _role: None)
    app = typer.Typer()
    device.register(app)
    with connect(database_url, "test") as connection:
        catalogue = sync(connection, [city_file.parse(HARBOUR, "harbour")])
        said = [b'{"ts": %d, "kwh": %d}' % (NOON // 1000 + 60_000 * n, 7 + n) for n in range(3)]
        stream = Stream(Sink(connection, catalogue, "mqtt"), catalogue)
        stream.accept([RawMessage("acme/main/up", one, NOON) for one in said])
        sync(
            connection,
            [
                city_file.parse(
                    HARBOUR.replace("devices:", f"{MISREAD}devices:").replace(
                        "    series", "    binding: acme\n    series"
                    ),
                    "harbour",
                )
            ],
        )
    environment = {"PHAROS_DATABASE_URL": database_url}
    done = CliRunner().invoke(app, ["device", "claim", "acme/main/up"], env=environment)
    assert done.exit_code == 1
    assert "the city file declares it, and what it sent is refused (bad_time: ts is the number" in done.stderr
    assert "column: ts, epoch: ms" in done.stdout  # the lines that would fit
