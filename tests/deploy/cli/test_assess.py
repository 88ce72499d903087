"""``pharos assess``: the file of the page, beside figures of a real database."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import assess
from deploy.errors import UnknownCityError
from kpi_engine.errors import AssessmentError
from tests.kpi_engine.conftest import CITY, District, district_of, fill

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[3] / "docs" / "self-assessment.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file that the page shows."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "assessment.yaml"
    path.write_text(block)
    return path


@pytest.fixture
def town(database_url: str) -> Iterator[District]:
    """Return a town whose two meters count 2 kWh an hour through March."""
    with district_of(database_url, CITY) as district:
        fill(district)
        yield district


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    assess.register(app)
    return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url, "PHAROS_DATA": ".", "COLUMNS": "200"})


def test_the_file_of_the_page_is_shown_with_what_speaks_against_it(file: Path) -> None:
    told = run("", str(file), "--no-measured").output
    assert "more advanced" in told
    assert "business models" in told
    assert "not assessed" in told
    assert "2026-06-30: smart city strategy is more advanced, but Audit of the ministry, 31 says average." in told
    assert "smart city strategy goes from basic to more advanced: a step is left out" in told


def test_figures_that_it_names_stand_beside_it(town: District, database_url: str, file: Path) -> None:
    text = file.read_text().replace("city: sonderborg", "city: town").replace("city_emissions", "heat_delivered")
    file.write_text(text)
    year = town.value("heat_delivered", None, "year", "2026-01-01T00:00")
    measured = json.loads(run(database_url, str(file), "--json").output)["measured"]
    assert measured.keys() == {"heat_delivered", "city_renewable_share"}
    assert measured["city_renewable_share"]["reason"] == "no year is over of which there is a figure"
    if year and year.period_end <= datetime.now(UTC):
        assert (measured["heat_delivered"]["year"], measured["heat_delivered"]["value"]) == ("2026", year.value)
    assert "Heat delivered" in run(database_url, str(file)).output


def test_a_city_that_nobody_knows_and_a_file_that_is_none_are_refused(database_url: str, file: Path) -> None:
    assert isinstance(run(database_url, str(file)).exception, UnknownCityError)
    file.write_text("city: [")
    assert isinstance(run(database_url, str(file)).exception, AssessmentError)
