"""``pharos doctor`` finds what would keep a start from succeeding."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.doctor import register


@pytest.fixture
def app() -> typer.Typer:
    built = typer.Typer()
    register(built)
    return built


def test_a_usable_machine_passes(app: typer.Typer, tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["--json", "--data", str(tmp_path / "data")])
    assert answer.exit_code == 0, answer.output
    assert {finding["subject"] for finding in json.loads(answer.stdout)} >= {"PostgreSQL", "MQTT broker", "free space"}
    assert not (tmp_path / "data").exists()


def test_a_foreign_folder_and_a_bad_city_file_are_found(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text("name: 7\n")
    answer = CliRunner().invoke(app, ["--json", "--data", str(tmp_path), "--city", str(tmp_path / "city.yaml")])
    assert answer.exit_code == 1
    bad = {finding["subject"] for finding in json.loads(answer.stdout) if not finding["good"]}
    assert bad == {"data folder", "city file city.yaml"}
