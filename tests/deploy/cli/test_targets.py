"""``pharos targets``: what a city declares, with status, reason and path; and a sentence where there is no target."""

import json
from datetime import UTC, datetime
from typing import Final

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import targets
from deploy.errors import UnknownSiteError
from ingest.model.city.city_file import parse
from ingest.model.time import to_micros
from kpi_engine.errors import TargetError
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests.kpi_engine.targets.stored_figures import Amounts, store_figures
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

STORED_AT: Final = to_micros(datetime(2024, 2, 1, tzinfo=UTC))
PLAN: Final = {
    "indicator": "heat_delivered",
    "title": "Less heat",
    "source": "Climate plan",
    "page": "p. 12",
    "baseline": {"year": 2021, "value": 100},
    "path": [{"year": 2023, "percent": 80}],
    "better": "lower",
}
ROW: Final = town(heat_meter(site="left"), name="row", sites={"left": {"targets": [PLAN]}})


@pytest.fixture
def url(database_url: str) -> str:
    with connect(database_url, "test") as connection:
        sync(connection, [parse(ROW, "row.yaml")])
        connection.commit()
        figures: Amounts = {(2022, None): (89.0, 88.0, 90.0), (2023, None): (84.0, 82.0, 86.0)}
        store_figures(connection, "heat_delivered", ("row", "left"), figures, STORED_AT)
    return database_url


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    targets.register(app)
    app.command("other")(lambda: None)  # typer leaves out the name of a single command
    return CliRunner().invoke(app, ("targets", *arguments), env={"PHAROS_DATABASE_URL": url})


def test_targets_are_listed_with_status_and_reason(url: str) -> None:
    ended = run(url, "list", "--city", "row")

    assert ended.exit_code == 0, ended.output
    assert "off track" in ended.output
    assert "left heat_delivered: 2023: 84 [82, 86] kWh, to be at most 80 kWh" in ended.output
    (one,) = json.loads(run(url, "list", "--city", "row", "--site", "left", "--json").output)
    assert (one["site"], one["status"], one["year"]) == ("left", "off_track", 2023)


def test_a_target_is_shown_with_its_path_year_by_year(url: str) -> None:
    shown = run(url, "show", "heat_delivered", "--city", "row", "--site", "left").output

    assert "source     Climate plan, p. 12" in shown
    assert "baseline   2021: 100 kWh (given)" in shown
    assert "90 (on the line)" in shown
    assert [one["status"] for one in json.loads(
        run(url, "show", "heat_delivered", "--city", "row", "--site", "left", "--json").output
    )["years"]] == ["on_track", "off_track"]  # fmt: skip


def test_a_target_that_is_not_declared_is_a_sentence_with_those_that_are(url: str) -> None:
    of_city = run(url, "show", "heat_delivered", "--city", "row")
    assert isinstance(of_city.exception, TargetError)
    assert str(of_city.exception) == "no target of heat_delivered is declared for row; it has none"
    of_site = run(url, "show", "heat_emissions", "--city", "row", "--site", "left")
    assert str(of_site.exception) == "no target of heat_emissions is declared for row left; it has heat_delivered"
    assert isinstance(run(url, "list", "--city", "row", "--site", "nowhere").exception, UnknownSiteError)
