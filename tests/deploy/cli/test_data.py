"""``pharos data`` on a real database: tables are taken whole or not at all, twice as once, revised and withdrawn."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import data
from deploy.errors import UnknownCityError, UnknownSiteError
from ingest.model.city.city_file import parse
from kpi_engine.errors import StatisticError
from kpi_engine.statistics.catalogue import STATISTICS
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from tests import towns
from tests.kpi_engine.conftest import CITY

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[3] / "docs" / "statistics-files.md"
HEADING = "statistic,city,site,valid_from,valid_to,value,unit,source,page,revision\n"
BILL = "heat_bill,town,a,2026-01-01,2026-02-01,900,kWh,Utility,invoice 1,\n"
BETTER = "heat_bill,town,a,2026-01-01,2026-02-01,0.95,MWh,Utility,invoice 1b,2026-03-01\n"
PEOPLE = "population,town,,2025-01-01,,1000,1,Office,table 1,\n"
WHO = ("--author", "B. Holm", "--reason", "the house next door")

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    with connect(database_url, "test") as connection:
        sync(connection, [parse(CITY, "town.yaml"), towns.shipped("sonderborg")])
    app = typer.Typer()
    data.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["data", *arguments], env={"PHAROS_DATABASE_URL": database_url})


def table(folder: Path, *rows: str) -> str:
    (folder / "table.csv").write_text(HEADING + "".join(rows), encoding="utf-8")
    return str(folder / "table.csv")


def listed(run: Run, *options: str) -> list[dict[str, Any]]:
    told = run("list", "--city", "town", *options, "--json")
    assert told.exit_code == 0, told.output
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def test_a_table_is_taken_once_revised_and_read_as_it_was_known_then(run: Run, tmp_path: Path) -> None:
    first, again = (run("import", table(tmp_path, BILL, PEOPLE)) for _ in range(2))
    assert first.stdout.splitlines() == [
        "2 values are given; 2 are new, 0 were given before.",
        "town, population, from 2025-01-01 on: 1000",
        "town, a, heat_bill, from 2026-01-01 to 2026-02-01: 900 kWh",
        "2 values are kept now.",
    ]
    assert again.stdout.splitlines() == [
        "2 values are given; 0 are new, 2 were given before.",
        "0 values are kept now.",
    ]
    (population, bill) = listed(run)
    assert (population["site"], population["value"], bill["source"], bill["page"]) == (
        None,
        1000,
        "Utility",
        "invoice 1",
    )

    revised = run("import", table(tmp_path, BETTER, BILL, PEOPLE))
    assert "town, a, heat_bill, from 2026-01-01 to 2026-02-01: 0.95 MWh instead of 900 kWh" in revised.stdout
    (now,) = listed(run, "--statistic", "heat_bill")
    (then,) = listed(run, "--site", "a", "--as-of", bill["known_at"])
    assert (now["value"], now["unit"], now["revision"], then["value"]) == (0.95, "MWh", 20260301, 900)
    both = listed(run, "--site", "a", "--all")
    assert [(one["value"], one["holds"]) for one in both] == [(900, False), (0.95, True)]
    assert listed(run, "--as-of", "2020-01-01") == []


def test_a_preview_says_what_would_move_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    told = run("import", table(tmp_path, BILL), "--preview")
    assert told.stdout.splitlines()[1:] == [
        "town, a, heat_bill, from 2026-01-01 to 2026-02-01: 900 kWh",
        "Nothing was written.",
    ]
    document = json.loads(run("import", table(tmp_path, BILL), "--preview", "--json").stdout)
    assert {key: document[key] for key in ("given", "new", "known", "withdrawn", "written")} == {
        "given": 1,
        "new": 1,
        "known": 0,
        "withdrawn": 0,
        "written": 0,
    }
    (change,) = document["changes"]
    assert (change["before"], change["after"]["value"], change["to"]) == (None, 900, "2026-02-01")
    assert listed(run) == []


def test_a_table_with_a_fault_is_refused_whole_by_file_row_and_column(run: Run, tmp_path: Path) -> None:
    for wrong, said in (
        (BILL.replace("900", "many"), r"table\.csv: row 3: column value: .*, not 'many'"),
        (BILL.replace("town,a", "town,c"), r"table\.csv: row 3: column site: expected one of a, b, plant, not 'c'"),
        (BILL.replace("2026-01-01", "2026-02-01", 1), r"table\.csv: row 3: expected valid_to after valid_from"),
    ):
        refused = run("import", table(tmp_path, PEOPLE, wrong))
        assert isinstance(refused.exception, StatisticError)
        assert re.search(said, str(refused.exception))
        assert listed(run) == []


def test_a_value_is_withdrawn_with_author_and_reason_and_stays_so(run: Run, tmp_path: Path) -> None:
    run("import", table(tmp_path, BILL))
    run("import", table(tmp_path, BETTER))
    assert run("withdraw", "2", *WHO).stdout == "Value 2 is withdrawn.\n"
    (held,) = listed(run)
    assert (held["number"], held["value"]) == (1, 900)
    shown = run("list", "--city", "town", "--all").stdout
    assert "by B. Holm: the house next door" in shown
    assert "invoice 1b" in shown
    refused = run("withdraw", "2", *WHO)
    assert "there is no value 2 that could be withdrawn; see: pharos data list" in str(refused.exception)
    again = run("import", table(tmp_path, BETTER)).stdout
    assert "1 were withdrawn and stay so; to give one again, give it a later revision." in again
    assert json.loads(run("withdraw", "1", *WHO, "--json").stdout) == {"withdrawn": 1}
    assert listed(run) == []


def test_who_or_what_does_not_exist_is_told_with_what_does(run: Run) -> None:
    assert isinstance(run("list", "--city", "twon").exception, UnknownCityError)
    assert isinstance(run("list", "--city", "town", "--site", "c").exception, UnknownSiteError)
    unknown = run("list", "--statistic", "populaton").exception
    assert "'populaton'; did you mean population?" in str(unknown)
    assert "expected --city as well" in run("list", "--site", "a").output


def test_every_statistic_is_listed_with_its_unit_and_of_whom_it_speaks(run: Run) -> None:
    every = json.loads(run("names", "--json").stdout)
    assert [one["name"] for one in every] == list(STATISTICS)
    gas = next(one for one in every if one["name"] == "gas_bill")
    assert (gas["unit"], gas["kind"], gas["of"], gas["needs_calorific_basis"]) == (
        "kWh or kg or m3",
        "flow",
        ["city", "site"],
        True,
    )
    assert "currency" in run("names").stdout


def test_the_example_of_the_documentation_is_imported_with_the_result_that_it_shows(run: Run, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"^```csv\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (shown,) = re.findall(r"^```text\n(\d+ values are given.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "statistics.csv").write_text(example, encoding="utf-8")
    told = run("import", str(tmp_path / "statistics.csv"))
    assert told.exit_code == 0, told.exception
    assert told.stdout == shown


def test_the_table_of_the_documentation_is_that_of_the_code() -> None:
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## The statistics\n")
    rows = re.findall(r"^\| (\w+) \| ([^|]*) \| (\w+) \| ([^|]*) \| ([^|]*) \|$", section, re.MULTILINE)
    assert rows[1:] == [
        (one.name, one.title, str(one.kind), one.unit, ", ".join(one.subjects)) for one in STATISTICS.values()
    ]
