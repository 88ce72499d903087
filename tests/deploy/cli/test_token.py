"""``pharos token`` from outside: a secret is shown once, and revoked at once."""

import json

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import token
from kpi_engine.api import tokens
from processors.storage.database import connect

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _environment(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(token._group, arguments)


def test_a_created_token_opens_what_it_was_created_for(database_url: str) -> None:
    made = json.loads(run("create", "desk", "--role", "evaluator", "--city", "harbour", "--json").stdout)
    assert (made["role"], made["cities"], made["expires_at"]) == ("evaluator", ["harbour"], None)
    with connect(database_url, "test") as connection:
        known = tokens.verify(connection, made["secret"])
    assert known is not None
    assert (known.name, known.role, known.cities) == ("desk", "evaluator", ["harbour"])


def test_the_list_shows_no_secret() -> None:
    secret = run("create", "desk").stdout.strip()
    listed = run("list", "--json").stdout
    assert [entry["name"] for entry in json.loads(listed)] == ["desk"]
    assert secret not in listed
    assert "desk" in run("list").stdout


def test_a_revoked_token_opens_nothing(database_url: str) -> None:
    secret = run("create", "desk").stdout.strip()
    assert json.loads(run("revoke", "desk", "--json").stdout) == {"name": "desk", "revoked": True}
    with connect(database_url, "test") as connection:
        assert tokens.verify(connection, secret) is None


def test_an_unknown_role_is_a_usage_error() -> None:
    assert run("create", "desk", "--role", "king").exit_code == 2
