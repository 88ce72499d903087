"""``pharos doctor`` finds what would keep a start from succeeding."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.doctor import register

pytestmark = pytest.mark.process  # it asks the programs of servers for their versions


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


def test_a_server_of_the_machine_is_looked_at_where_its_programs_are_named(app: typer.Typer, tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["--json", "--data", str(tmp_path / "data"), "--postgres-bin", str(tmp_path)])
    assert answer.exit_code == 1
    bad = {finding["subject"]: finding["found"] for finding in json.loads(answer.stdout) if not finding["good"]}
    assert bad.keys() == {"PostgreSQL"}
    assert bad["PostgreSQL"].startswith(f"--postgres-bin {tmp_path}: it holds no initdb and no postgres")


def test_a_database_of_another_version_is_found(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "pharos.lock").touch()
    (tmp_path / "postgres" / "cluster").mkdir(parents=True)
    (tmp_path / "postgres" / "cluster" / "PG_VERSION").write_text("16\n")
    answer = CliRunner().invoke(app, ["--json", "--data", str(tmp_path)])
    bad = {finding["subject"]: finding["found"] for finding in json.loads(answer.stdout) if not finding["good"]}
    assert bad.keys() == {"PostgreSQL"}
    assert "was made by PostgreSQL 16" in bad["PostgreSQL"]
