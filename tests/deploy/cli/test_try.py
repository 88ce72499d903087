"""``pharos try`` shows what a message would become, without a database."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.try_ import register
from ingest.decoder import Decoder, Sample
from ingest.decoders import DECODERS
from ingest.limits import PayloadLimits
from tests.towns import heat_meter, sending, town

pytestmark = pytest.mark.usefixtures("_log_put_back")

COMMAND = register
ENERGY = sending("heat_energy", unit="MWh")
CITY = town(heat_meter(ENERGY, "return_temperature", native_id="KAM:1"))


@pytest.fixture
def city(tmp_path: Path) -> str:
    (tmp_path / "harbour.yaml").write_text(CITY)
    return str(tmp_path / "harbour.yaml")


def test_rows_and_refusals_are_shown_with_units_and_reasons(app: typer.Typer, city: str) -> None:
    payload = {"time": "2026-11-21T12:00:00Z", "values": {"heat_energy": 1.5, "return_temperature": 999, "flow": 1}}
    tried = CliRunner().invoke(app, ["--city", city, "--json", "-"], input=json.dumps(payload))
    assert tried.exit_code == 1
    result = json.loads(tried.stdout)
    assert result["topic"] == "pharos/v1/harbour/KAM:1/telemetry"
    assert result["rows"] == [
        {
            "city": "harbour",
            "device": "meter",
            "quantity": "heat_energy",
            "time": "2026-11-21T12:00:00Z",
            "value": 1500.0,
            "unit": "kWh",
            "quality": "measured",
            "begin": None,  # one stamp was given
        }
    ]
    assert [refusal["reason"] for refusal in result["refusals"]] == ["unknown_quantity", "implausible"]


def test_the_begin_of_an_interval_is_shown_where_it_is_given(app: typer.Typer, city: str) -> None:
    counted = sending("volume", kind="interval")
    Path(city).write_text(town(heat_meter(ENERGY, counted, native_id="KAM:1")))
    payload = {"begin": "2026-11-21T11:20:00Z", "time": "2026-11-21T12:00:00Z", "values": {"volume": 1.5}}
    tried = CliRunner().invoke(app, ["--city", city, "-"], input=json.dumps(payload))
    assert "2026-11-21T11:20:00Z" in tried.stdout
    tried = CliRunner().invoke(app, ["--city", city, "-"], input=json.dumps(payload | {"values": {"heat_energy": 1}}))
    assert "1 refused" in tried.stdout
    assert "refused (bad_interval, readings: 1): heat_energy: a begin is given" in tried.stdout


def test_a_value_is_shown_to_its_last_digit(app: typer.Typer, city: str) -> None:
    payload = {"time": "2026-11-21T12:00:00Z", "values": {"return_temperature": 41.123456789}}
    tried = CliRunner().invoke(app, ["--city", city, "-"], input=json.dumps(payload))
    assert "41.123456789" in tried.stdout


def test_a_good_message_is_fine(app: typer.Typer, city: str, tmp_path: Path) -> None:
    (tmp_path / "message.json").write_text('{"values": {"return_temperature": 41}}')
    tried = CliRunner().invoke(app, ["--city", city, str(tmp_path / "message.json")])
    assert tried.exit_code == 0
    assert "1 would be stored, 0 refused" in tried.stdout


@pytest.mark.parametrize("arguments", [["--decoder", "morse", "-"], ["absent.json"], []])
def test_what_cannot_be_tried_is_a_usage_error(app: typer.Typer, city: str, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["--city", city, *arguments]).exit_code == 2


BINDING = {"name": "house", "topic": "house/{floor}/{device}", "decoder": "pharos", "gateway": "bridge"}
BOUND = town(
    heat_meter("heat_energy"),
    heat_meter(sending("heat_energy", field="E1"), name="other", binding="house"),
    bindings=[BINDING],
)


@pytest.mark.parametrize("named", [["--binding", "house"], ["--topic", "house/2/other"]])
def test_a_message_of_a_binding_is_tried_on_its_topic(app: typer.Typer, city: str, named: list[str]) -> None:
    Path(city).write_text(BOUND)
    tried = CliRunner().invoke(app, ["--city", city, "--json", *named, "-"], input='{"values": {"E1": 7}}')
    assert [(row["device"], row["value"]) for row in json.loads(tried.stdout)["rows"]] == [("other", 7.0)]


def test_a_binding_that_is_not_there_is_told_with_those_that_are(app: typer.Typer, city: str) -> None:
    Path(city).write_text(BOUND)
    tried = CliRunner().invoke(app, ["--city", city, "--binding", "hose", "-"], input="{}")
    assert tried.exit_code == 2
    assert "house?" in tried.output


def test_a_format_that_no_binding_names_yet_is_tried_on_a_native_device(
    app: typer.Typer, city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(payload: bytes, limits: PayloadLimits) -> list[Sample]:
        del limits
        return [Sample(None, {"warm": float(payload), "rssi": -60.0}, {"warm": "MWh"})]

    foreign = Decoder("warm", "Warm", frozenset(), decode, {"warm": "heat_energy"}, foreign=True)
    monkeypatch.setitem(DECODERS, "warm", foreign)
    tried = CliRunner().invoke(app, ["--city", city, "--json", "--decoder", "warm", "-"], input="2")
    assert [(row["quantity"], row["value"]) for row in json.loads(tried.stdout)["rows"]] == [("heat_energy", 2000.0)]
    assert tried.exit_code == 0
