"""What commands say that change something, as JSON: those of the folders that they are given, without a server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import deploy, mapping, quarantine
from processors.storage.readings.pseudonym_key import kept

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    app = typer.Typer()
    for module in (deploy, mapping, quarantine):
        module.register(app)
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments), "--json"])


def test_a_deployment_says_what_it_made_what_it_replaced_and_when_certificates_end(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "production"
    made = json.loads(run("deploy", "init", folder).stdout)
    assert made["folder"] == str(folder)
    assert "secret database-owner: new" in made["made"]
    assert json.loads(run("deploy", "init", folder).stdout)["made"] == []
    assert json.loads(run("deploy", "rotate", folder, "database-writer").stdout)["made"] == [
        "secret database-writer: new"
    ]
    ends = json.loads(run("deploy", "status", folder).stdout)
    assert {one["certificate"] for one in ends} > {"ca"}
    assert all(one["ends"].endswith("+00:00") for one in ends)


def test_a_mapping_is_the_same_as_json(run: Run) -> None:
    shown = json.loads(run("mapping", "show", "datadis").stdout)
    assert shown["values"] == [{"column": "Consumo_kWh", "quantity": "electricity_energy", "unit": "kWh"}]


def test_a_key_that_is_destroyed_says_so_and_one_that_is_not_there_too(run: Run, tmp_path: Path) -> None:
    absent = run("quarantine", "destroy-key", "--data", tmp_path)
    assert (absent.exit_code, json.loads(absent.stdout)["destroyed"]) == (1, False)
    key = Path(json.loads(absent.stdout)["key"])
    kept(key)()
    assert json.loads(run("quarantine", "destroy-key", "--data", tmp_path).stdout) == {
        "key": str(key),
        "destroyed": True,
    }
    assert not key.exists()
