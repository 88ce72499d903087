"""``pharos config`` shows what is in force and no secret."""

import json

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.config import masked, register
from deploy.errors import SettingsError

COMMAND = register


def test_effective_settings_are_printed_with_secrets_masked(app: typer.Typer) -> None:
    environment = {"PHAROS_DATABASE_URL": "postgresql://me:secret@db:5432/pharos", "PHAROS_HTTP": "[::1]:80"}
    shown = CliRunner().invoke(app, ["--json"], env=environment)
    assert shown.exit_code == 0
    assert "secret" not in shown.output
    values = json.loads(shown.stdout)
    assert values["PHAROS_DATABASE_URL"] == "postgresql://me:****@db:5432/pharos"
    assert values["PHAROS_HTTP"] == "[::1]:80"


def test_a_bad_setting_is_refused_by_name(app: typer.Typer) -> None:
    refused = CliRunner().invoke(app, [], env={"PHAROS_HTTP": "nowhere"})
    assert isinstance(refused.exception, SettingsError)
    assert "PHAROS_HTTP: expected HOST:PORT" in str(refused.exception)


def test_a_misspelt_variable_is_pointed_out(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, [], env={"PHAROS_HTPP": "127.0.0.1:80"})
    assert "PHAROS_HTPP is set but no setting of Pharos" in shown.stderr


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mqtt://broker:1883", "mqtt://broker:1883"),
        ("mqtt://me@broker", "mqtt://me@broker"),
        ("mqtts://me:a@b@broker", "mqtts://me:****@broker"),
        ("postgresql://db/x?password=secret", "postgresql://db/x?****"),
    ],
)
def test_a_password_is_masked_wherever_it_stands(url: str, shown: str) -> None:
    assert masked(url) == shown
