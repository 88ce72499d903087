"""``pharos factors``: tables are published once and whole, and what they would move is said before."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import check, city, factors
from ingest.errors import CityFileError
from kpi_engine.errors import FactorError
from kpi_engine.factors.registry import load
from tests.computed import few_indicators
from tests.kpi_engine.conftest import CITY, FACTORS, District, district_of, fill

pytestmark = pytest.mark.integration

HEADING = "name,version,carrier,region,valid_from,valid_to,year,value,unit,method,boundary,gwp,source,page,verified\n"
LATER = "test,2026b,heat,North,2026-04-01,2027-01-01,2026,0.6,kg/kWh,mean,direct,AR5,operator,p. 1,yes\n"
OTHER = "wood,2026,heat,North,2026-01-01,,,20,g/kWh,mean,life_cycle,AR5,handbook,p. 2,no\n"

Run = Callable[..., Result]


def taking(heat: dict[str, str]) -> str:
    """Return the city file of the district with this factor for its heat."""
    return json.dumps({**json.loads(CITY), "factors": {"heat": heat}})


@pytest.fixture
def district(database_url: str) -> Iterator[District]:
    with few_indicators(["heat_delivered", "heat_emissions"]), district_of(database_url, CITY) as found:
        fill(found)
        yield found


@pytest.fixture
def run(database_url: str, district: District) -> Run:
    del district
    app = typer.Typer()
    for command in (factors, city, check):
        command.register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": database_url})


def table(folder: Path, *rows: str) -> str:
    (folder / "table.csv").write_text(HEADING + "".join(rows))
    return str(folder / "table.csv")


def published(district: District) -> list[tuple[str, str]]:
    found = load(district.connection)
    district.connection.rollback()
    return [(factor.name, factor.version) for factor in found if factor not in FACTORS]


def test_a_table_is_published_once_and_a_version_that_changed_is_refused_whole(
    run: Run, district: District, tmp_path: Path
) -> None:
    first, again = (run("factors", "import", table(tmp_path, LATER, OTHER)) for _ in range(2))

    assert "2 versions are wanted of 2 in the table; 2 are new." in first.output
    assert "2 versions are published now." in first.output
    assert "0 are new." in again.output
    changed = run("factors", "import", table(tmp_path, LATER.replace("2026b", "2026c"), OTHER.replace(",20,", ",21,")))
    assert isinstance(changed.exception, FactorError)
    assert "factor wood version 2026 from 2026-01-01 was published with other contents (value: 20.0, now 21.0)" in str(
        changed.exception
    )
    assert published(district) == [("test", "2026b"), ("wood", "2026")]


def test_what_a_table_would_move_is_said_and_nothing_is_written(run: Run, district: District, tmp_path: Path) -> None:
    said = run("factors", "preview", table(tmp_path, LATER, OTHER)).output

    assert (
        "town, heat, from 2026-04-01 to 2026-04-10: test 2026b (0.6 kg/kWh, direct) instead of test 2026 (0.5 kg/kWh"
    ) in said
    assert "  heat_emissions: 9 figures by day\n" in said  # of the city
    assert "  heat_emissions: 18 days of sites and groups, computed when they are asked for\n" in said  # of two sites
    assert "  heat_emissions: 3 figures by month\n" in said
    assert "it counts other emissions: sums with factors of another boundary are refused" in said
    assert "heat_delivered" not in said
    assert "wood" not in said
    told = json.loads(run("factors", "preview", table(tmp_path, LATER, OTHER), "--json").output)
    assert {name: told[name] for name in ("in_table", "wanted", "new", "left_out", "published")} == {
        "in_table": 2, "wanted": 2, "new": 2, "left_out": {}, "published": 0,
    }  # fmt: skip
    (move,) = told["moves"]
    assert (move["city"], move["start"], move["end"]) == ("town", "2026-04-01", "2026-04-10")
    assert (move["before"]["version"], move["after"]["version"]) == ("2026", "2026b")
    assert move["counts_other_emissions"] is True
    assert {"kpi": "heat_emissions", "period": "month", "count": 3} in move["figures"]
    assert move["computed_when_asked_for"] == [{"kpi": "heat_emissions", "period": "day", "count": 18}]
    assert published(district) == []
    assert run("factors", "import", table(tmp_path, LATER), "--dry-run").output.count("instead of") == 1
    assert json.loads(run("factors", "import", table(tmp_path, LATER), "--json").output)["published"] == 1


def test_what_was_said_to_move_moves_and_says_why(run: Run, district: District, tmp_path: Path) -> None:
    run("factors", "import", table(tmp_path, LATER))
    district.settle()
    march, april = (district.value("heat_emissions", "a", "month", f"2026-0{one}-01T00:00") for one in (3, 4))

    assert march is not None
    assert april is not None
    assert (march.revision, [factor["version"] for factor in march.factors]) == (1, ["2026"])
    assert (april.revision, [factor["version"] for factor in april.factors]) == (2, ["2026b"])
    assert april.factors[0]["boundary"] == "direct"
    assert april.cause_detail == "factor test: version 2026b"


def test_only_what_is_asked_for_is_published(run: Run, district: District, tmp_path: Path) -> None:
    assert run("factors", "import", table(tmp_path, LATER, OTHER), "--name", "wood").exit_code == 0
    assert published(district) == [("wood", "2026")]


def test_a_city_file_may_name_what_was_imported(run: Run, district: District, tmp_path: Path) -> None:
    run("factors", "import", table(tmp_path, OTHER))
    file = tmp_path / "town.yaml"
    file.write_text(taking({"factor": "wood", "version": "2026"}))

    assert run("check", str(file)).exit_code == 1
    assert run("check", str(file), "--stored").exit_code == 0
    assert run("city", "apply", str(file)).exit_code == 0
    district.settle()
    month = district.value("heat_emissions", "a", "month", "2026-03-01T00:00")
    assert month is not None
    assert month.value == pytest.approx(2.0 * 743 * 0.02)
    file.write_text(taking({"factor": "wood", "version": "2025"}))
    refused = run("city", "apply", str(file))
    assert isinstance(refused.exception, CityFileError)
    assert "factors.heat.version: expected one of 2026, not '2025'; did you mean 2026?" in str(refused.exception)
