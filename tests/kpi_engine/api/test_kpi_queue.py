"""The queue: what is due by city and indicator, since when, who computes it, and what failed last."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import kpi
from kpi_engine.engine.recompute_queue import AT_ONCE
from kpi_engine.engine.run import keep_up
from kpi_engine.engine.shards import claimed
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection, connect
from processors.storage.registry.current_catalogue import CurrentCatalogue
from processors.storage.rollups.rollups import RollupStore
from tests.computed import few_indicators
from tests.kpi_engine.engine.test_run import Steps
from tests.processors.stored_readings import drain

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

WHY: Final = "ValueError: a meter that nobody expected"


@pytest.fixture
def other(database_url: str) -> Iterator[Connection]:
    """Return the connection of an engine."""
    with connect(database_url, "pharos kpi") as connection:
        yield connection


def fails(*_: object) -> object:
    raise ValueError("a meter that nobody expected")


def test_what_could_not_be_computed_is_due_with_its_reason_until_it_is(
    towns: "Towns", other: Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns.count(towns.series("harbour", "meter", "heat_energy"), "2026-04-09T00:00:00Z", 24)
    drain(RollupWorker(RollupStore(towns.connection), CurrentCatalogue(towns.connection)))
    towns.connection.commit()
    with few_indicators(["heat_delivered"]):
        with monkeypatch.context() as patch:
            patch.setattr("kpi_engine.engine.graph.compute", fails)
            with pytest.raises(ValueError, match="nobody expected"):
                keep_up(other, lambda: towns.now, Steps(3), loads=AT_ONCE)
        with towns.client("operator") as client, claimed(other, 1_000) as shards:
            (due,) = client.get("/kpis/queue").json()["items"]
            told = printed(database_url, "--city", "harbour")
        keep_up(other, lambda: towns.now, Steps(3), loads=AT_ONCE)
        with towns.client("operator") as client:
            assert client.get("/kpis/queue").json()["items"] == []

    assert (due["city"], due["kpi"], due["error"]) == ("harbour", "heat_delivered", WHY)
    assert due["shards"] == sorted(shards)
    assert [one.startswith("pharos kpi (session ") for one in due["workers"]] == [True]
    assert due["since"] <= due["failed_at"]
    assert f"UTC: {WHY}" in told
    assert "pharos kpi (session" in told
    assert printed(database_url) == "Nothing is due.\n"
    assert json.loads(printed(database_url, "--json")) == []


def printed(url: str, *arguments: str) -> str:
    """Return what the command prints."""
    app = typer.Typer()
    kpi.register(app)
    ended = CliRunner().invoke(app, ("kpi", "queue", *arguments), env={"PHAROS_DATABASE_URL": url, "COLUMNS": "200"})
    return ended.output


def test_an_evaluator_does_not_see_the_queue_and_an_operator_that_of_his_cities(towns: "Towns") -> None:
    with towns.client("evaluator") as client:
        assert client.get("/kpis/queue").status_code == 403
    with towns.client("operator", ["harbour"]) as client:
        assert client.get("/kpis/queue", params={"city": "island"}).status_code == 403
