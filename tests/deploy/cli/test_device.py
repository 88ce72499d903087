"""``pharos device``: a secret is shown once, and the data folder must be the stack's."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.device import register
from deploy.embedded.folder import DataFolder
from deploy.errors import CredentialError


@pytest.fixture
def app(tmp_path: Path) -> typer.Typer:
    built = typer.Typer()
    built.callback()(lambda: None)
    register(built)
    DataFolder(tmp_path / "data")
    return built


def test_a_secret_is_shown_when_it_is_issued_and_never_again(app: typer.Typer, tmp_path: Path) -> None:
    place = ["--data", str(tmp_path / "data")]
    added = CliRunner().invoke(app, ["device", "add", "vitoria", "meter-1", "--json", *place])
    secret = json.loads(added.stdout)["secret"]
    listed = CliRunner().invoke(app, ["device", "list", "--json", *place])
    assert [row["user"] for row in json.loads(listed.stdout)] == ["vitoria.meter-1"]
    assert secret not in listed.output


def test_a_folder_that_is_not_the_stacks_is_refused_and_not_made(app: typer.Typer, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["device", "add", "vitoria", "meter-1", "--data", str(tmp_path / "elsewhere")])
    assert isinstance(refused.exception, CredentialError)
    assert not (tmp_path / "elsewhere").exists()
