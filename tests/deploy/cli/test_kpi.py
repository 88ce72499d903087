"""``pharos kpi`` and ``pharos factors``: what can be had without a database."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from deploy import cli
from kpi_engine.indicators import INDICATORS
from kpi_engine.worked_examples import EXAMPLES


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    returncode: object
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture
def pharos(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return the command ``pharos``, run in this process: to start one for each test takes longer than all of them."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["pharos", *arguments])
        monkeypatch.setattr(cli.app, "registered_groups", [])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ended(ended.value.code, said.out, said.err)

    return run


def test_the_list_names_every_indicator(pharos: Command) -> None:
    listed = json.loads(pharos("kpi", "list", "--json").stdout)

    assert {one["name"] for one in listed} == set(INDICATORS)
    assert all(one["citation"] and one["formula"] for one in listed)


def test_a_definition_is_shown_with_its_citation(pharos: Command) -> None:
    shown = pharos("kpi", "show", "heat_delivered", "--json")

    assert json.loads(shown.stdout)["citation"] == INDICATORS["heat_delivered"].citation


def test_the_schema_is_that_of_the_inputs(pharos: Command) -> None:
    schema = json.loads(pharos("kpi", "schema", "heat_delivered").stdout)

    assert schema == INDICATORS["heat_delivered"].inputs_model.model_json_schema()


def test_anyone_can_compute_a_figure_from_inputs_of_their_own(pharos: Command) -> None:
    computed = pharos("kpi", "compute", "heat_delivered", "--inputs", str(EXAMPLES / "heat_of_two_meters/inputs.json"))

    result = json.loads(computed.stdout)
    assert (computed.returncode, result["value"], result["unit"], result["status"]) == (0, 2000.0, "kWh", "final")


def test_wrong_inputs_are_refused_with_file_and_key(pharos: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "inputs.json"
    wrong.write_text('{"energy_kwh": [{"meter": "a", "amount": "much", "seconds": 0, "covered_seconds": 0}]}')
    computed = pharos("kpi", "compute", "heat_delivered", "--inputs", str(wrong))

    assert computed.returncode == 1
    assert f"{wrong}: energy_kwh.0.amount: Input should be a valid number" in computed.stderr
    assert "energy_kwh.0.seconds: Input should be greater than or equal to 0.000001" in computed.stderr


def test_what_only_all_keys_together_show_is_refused_in_our_own_words(pharos: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "inputs.json"
    wrong.write_text('{"energy_kwh": [], "hour_energy_kwh": [1.0], "hour_factor_kg_per_kwh": []}')
    computed = pharos("kpi", "compute", "heat_emissions_hourly", "--inputs", str(wrong))

    assert f"{wrong}: (file): expected as many hours of factor as of energy" in computed.stderr


@pytest.mark.parametrize("command", ["show", "schema"])
def test_an_unknown_indicator_is_refused_in_one_sentence(pharos: Command, command: str) -> None:
    refused = pharos("kpi", command, "happiness")

    assert refused.returncode == 1
    assert refused.stderr.startswith("no indicator is called 'happiness'; known are ")


def test_shipped_factors_are_listed_with_their_source(pharos: Command) -> None:
    listed = json.loads(pharos("factors", "list", "--shipped", "--json").stdout)

    assert {"en-iso-52000-1-district-heating", "desnz-uk-district-heat"} <= {one["name"] for one in listed}
    assert all(one["source"] and one["page"] for one in listed)
