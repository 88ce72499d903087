"""A wrong unit that was plausible is mended as the page on quarantine says, with its own mapping."""

import json
import re
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import export, replay
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.model.time import HOUR, MINUTE
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry import registry
from tests import towns
from tests.towns import heat_meter

pytestmark = pytest.mark.integration

PAGE: Final = Path(__file__).parents[3] / "docs" / "quarantine.md"
START: Final = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z
SENT: Final = [44.9, 44.9025, 44.905]  # MWh


def test_readings_of_a_wrong_unit_are_taken_home_and_loaded_in_the_right_one(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "configure", lambda role: None)  # of the log, which all tests share
    with connect(database_url, "test") as connection:
        for unit in ("kWh", "MWh"):
            catalogue = registry.sync(connection, [_city(unit)])
            connection.commit()
            if unit == "kWh":
                Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept([_message(each) for each in range(3)])
    mapping = re.search(r"```text\n(name: unit-was-mwh\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert mapping
    (tmp_path / "unit-was-mwh.yaml").write_text(mapping[1], encoding="utf-8")
    wrong = str(tmp_path / "wrong.csv")
    span = ("--from", "2026-11-21", "--to", "2026-11-22")
    chosen = ("--city", "harbour", "--device", "quay-8", "--quantity", "heat_energy")
    _run(database_url, "export", "observations", *chosen, *span, "--out", wrong)
    _run(database_url, "replay", "--city", "harbour", "--mapping", str(tmp_path / "unit-was-mwh.yaml"), wrong)
    right = tmp_path / "right.csv"
    _run(database_url, "export", "observations", *chosen, *span, "--out", str(right))
    lines = [line.split(",") for line in right.read_text(encoding="utf-8-sig").splitlines()]
    place = lines[0].index("value")
    assert [float(line[place]) for line in lines[1:]] == pytest.approx([1000 * sent for sent in SENT])


def _city(unit: str) -> City:
    values = [{"column": "energy", "quantity": "heat_energy", "unit": unit}]
    mapping = {"time": {"column": "at", "epoch": "ms"}, "values": values}
    binding = {"name": "acme", "topic": "acme/{device}/up", "decoder": "mapping", "mapping": mapping}
    return towns.city(heat_meter(name="quay-8", native_id="68439813", binding="acme"), bindings=[binding])


def _message(number: int) -> RawMessage:
    at = START + number * HOUR
    document = {"at": at // 1000, "energy": SENT[number]}
    return RawMessage("acme/68439813/up", json.dumps(document).encode(), at + MINUTE)


def _run(url: str, *arguments: str) -> None:
    app = typer.Typer()
    export.register(app)
    replay.register(app)
    ended = CliRunner().invoke(app, list(arguments), env={"PHAROS_DATABASE_URL": url})
    assert ended.exit_code == 0, f"{ended.output} {ended.exception}"
