"""``pharos kpi values``: what cannot be answered is said in a sentence instead of by an empty table."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import deploy
from deploy.cli import city, kpi
from deploy.errors import EmptyRangeError, UnknownSiteError
from kpi_engine.errors import KpiError

pytestmark = pytest.mark.integration

CITY = Path(deploy.__file__).parent / "cities" / "heat-meter-660.yaml"
YEAR = ("--from", "2018-01-01", "--to", "2019-01-01")


@pytest.fixture
def url(database_url: str) -> str:
    run(database_url, "city", "apply", str(CITY))
    return database_url


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    for command in (city, kpi):
        command.register(app)
    return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url})


def values(url: str, *arguments: str) -> Result:
    return run(url, "kpi", "values", "heat_delivered", "--city", "denmark-sample", *arguments)


def test_a_range_that_ends_before_it_begins_is_refused(url: str) -> None:
    ended = values(url, "--from", "2019-01-01", "--to", "2018-01-01")
    assert isinstance(ended.exception, EmptyRangeError)
    assert str(ended.exception) == "--to 2018-01-01: expected a time after --from 2019-01-01"


def test_a_site_that_does_not_exist_is_told_with_those_that_do(url: str) -> None:
    ended = values(url, *YEAR, "--site", "nowhere")
    assert isinstance(ended.exception, UnknownSiteError)
    assert str(ended.exception) == "no site of denmark-sample is called 'nowhere'; it has house-772"


def test_a_period_without_figures_is_wrong_usage(url: str) -> None:
    ended = values(url, *YEAR, "--period", "hour")
    assert ended.exit_code == 2
    assert all(period in ended.output for period in ("day", "month", "year"))


@pytest.mark.parametrize(
    ("as_of", "known"), [((), "is computed"), (("--as-of", "2018-06-01"), "had been computed by 2018-06-01")]
)
def test_that_there_is_no_figure_is_said(url: str, as_of: tuple[str, ...], known: str) -> None:
    ended = values(url, *YEAR, *as_of)
    assert isinstance(ended.exception, KpiError)
    assert str(ended.exception) == (
        f"no figure of heat_delivered for denmark-sample by month from 2018-01-01 to 2019-01-01 {known}"
    )


def test_a_day_that_no_calendar_has_is_wrong_usage_of_its_option(url: str) -> None:
    ended = values(url, "--from", "2018-01-01", "--to", "2018-02-30")
    assert ended.exit_code == 2
    assert "--to" in ended.output
