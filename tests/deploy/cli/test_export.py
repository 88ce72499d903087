"""``pharos export``: each table as a file that is whole or not there, and a sentence where it cannot be written."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import export
from kpi_engine.errors import KpiError
from tests.computed import few_indicators
from tests.kpi_engine.conftest import CITY, District, district_of, fill

pytestmark = pytest.mark.integration

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """Return the URL of a town whose two meters count 2 kWh an hour through March."""
    with few_indicators({"heat_delivered"}), district_of(database_url, CITY) as district:
        fill(district)
        assert isinstance(district, District)
        yield database_url


def run(url: str, *arguments: object) -> Result:
    app = typer.Typer()
    export.register(app)
    app.command("other")(lambda: None)  # typer leaves out the name of a single command
    return CliRunner().invoke(app, ["export", *map(str, arguments)], env={"PHAROS_DATABASE_URL": url})


def test_tables_of_figures_buckets_and_readings_are_written_whole(url: str, tmp_path: Path) -> None:
    out = tmp_path / "table.parquet"
    told = run(url, "kpis", "--kpi", "heat_delivered", "--site", "*", *MARCH, "--out", out)
    assert told.exit_code == 0, told.output
    assert "3 rows of" in told.output
    figures = pl.read_parquet(out)
    assert figures["site"].to_list() == [None, "a", "b"]
    assert figures["value"].to_list() == [2972.0, 1486.0, 1486.0]

    assert (
        run(url, "aggregates", "--device", "meter-a", "--quantity", "heat_energy", *MARCH, "--out", out).exit_code == 0
    )
    days = pl.read_parquet(out)
    assert (len(days), days["label"][28], days["sum"][28]) == (31, "2026-03-29", 46.0)  # the day of 23 hours

    said = json.loads(run(url, "kpis", "--kpi", "heat_delivered", *MARCH, "--out", out, "--json").stdout)
    assert (said["file"], said["format"], said["rows"]) == (str(out), "parquet", 1)
    assert [one["name"] for one in said["columns"]] == pl.read_parquet(out).columns

    told = run(url, "observations", "--city", "town", *MARCH, "--out", tmp_path / "readings.csv")
    assert "0 rows of" in told.output  # its hours were written without readings
    assert (tmp_path / "readings.csv").read_text(encoding="utf-8-sig").startswith("city,site,vertical,device,quantity")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["readings.csv", "table.parquet"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kpis", *MARCH, "--out", "table.txt"), "expected a name that ends in .csv, .parquet, .xlsx, .zip"),
        (("kpis", "--from", "March", "--to", "2026-04-01", "--out", "t.csv"), "expected a day such as 2026-01-01"),
        (("kpis", "--site", "nowhere", *MARCH, "--out", "t.csv"), "there are no figures of site nowhere"),
        (("kpis", "--from", "2026-04-01", "--to", "2026-03-01", "--out", "t.csv"), "expected the start to be earlier"),
        (("kpis", "--kpi", "gold", *MARCH, "--out", "t.csv"), "no indicator is called 'gold'"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_no_file(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(url, *arguments)
    words = " ".join(f"{ended.output} {ended.exception}".replace("│", " ").split())
    assert ended.exit_code in {1, 2}
    assert ended.exit_code == 2 or isinstance(ended.exception, KpiError)
    assert said in words
    assert not list(tmp_path.iterdir())
