"""``pharos pull``: services are asked now, for a span, or by the role, and what came is shown."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import pull
from deploy.settings import Settings
from ingest.model.city.assets import City
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests import hub_answers, towns
from tests.hub_server import HubServer, Reply, Request, hub_server
from tests.towns import electricity_meter, sending

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("_log_put_back")]

Run = Callable[..., Result]
POINT = "571313174000000001"
METER = electricity_meter(
    sending("electricity_energy", kind="interval"), binding={"name": "hub", "device": POINT}, name="hall"
)


@pytest.fixture
def server() -> Iterator[HubServer]:
    def answer(request: Request) -> Reply:
        return hub_answers.eloverblik(request)

    with hub_server(answer) as one:
        yield one


@pytest.fixture
def settings(database_url: str, server: HubServer, tmp_path: Path) -> Settings:
    """Return those of an installation with a city that asks a hub."""
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "meters.yaml").write_text(f"refresh_token: x\nurl: {server.url}\n", encoding="utf-8")
    asked = {"name": "hub", "decoder": "eloverblik", "pull": {"since": "2026-10-01", "account": "meters"}}
    with connect(database_url, "test") as connection:
        sync(connection, [City.model_validate(towns.city_document(METER, bindings=[asked]))])
    given: dict[str, Any] = {"database_url": database_url, "data": tmp_path}
    return Settings(**given)


@pytest.fixture
def run(settings: Settings) -> Run:
    app = typer.Typer()
    pull.register(app)
    environment = {"PHAROS_DATABASE_URL": settings.database(), "PHAROS_DATA": str(settings.data)}
    return lambda *arguments: CliRunner().invoke(app, ["pull", *arguments], env=environment)


def test_a_span_is_asked_for_by_hand_and_shown(run: Run) -> None:
    asked = run(
        "backfill", "--city", "harbour", "--binding", "hub", "--from", "2026-10-24", "--to", "2026-10-27", "--json"
    )
    assert asked.exit_code == 0, asked.output
    (outcome,) = json.loads(asked.stdout)
    assert (outcome["called"], outcome["stored"], outcome["failure"]) == (POINT, 24 + 25 + 24, None)
    shown = run("show", "--json")
    (row,) = json.loads(shown.stdout)
    assert (shown.exit_code, row["readings"], row["newest"]) == (0, 73, "2026-10-26T23:00:00Z")


def test_what_does_not_answer_is_told_and_is_the_exit_code(run: Run, settings: Settings) -> None:
    (settings.data / "accounts" / "meters.yaml").unlink()
    asked = run("once", "--city", "harbour")
    assert asked.exit_code == 1
    assert "account meters" in asked.output


def test_a_binding_that_asks_nothing_is_no_binding_to_ask(run: Run) -> None:
    asked = run("once", "--binding", "hubb")
    assert asked.exit_code == 2
    assert "not 'hubb'; did you mean" in " ".join(asked.output.split())


def test_services_are_listed_with_what_their_accounts_hold(run: Run) -> None:
    listed = {row["decoder"]: row["secrets"] for row in json.loads(run("services", "--json").stdout)}
    assert (listed["eloverblik"], listed["elering"]) == ("refresh_token", "")
