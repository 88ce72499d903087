"""``pharos report`` and ``pharos verify``: a month frozen, checked, and frozen again after late data."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import export, kpi, report, verify
from ingest.model.time import isoformat
from kpi_engine.errors import ReportError
from kpi_engine.reports.archive import reading
from tests.kpi_engine.conftest import CITY, District, district_of, fill

pytestmark = pytest.mark.integration

MARCH: Final = "2026-03"
PAGE: Final = Path(__file__).parents[3] / "docs" / "signed-answer.md"


@pytest.fixture
def town(database_url: str) -> Iterator[District]:
    """Return a town whose two meters count 2 kWh an hour through March."""
    with district_of(database_url, CITY) as district:
        fill(district)
        yield district


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands_of_the_page() -> list[list[str]]:
    """Return the commands of the page that leads from a question to a signed file."""
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    report.register(app)
    for command in (verify, export, kpi):
        command.register(app)
    return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url, "PHAROS_DATA": "."})


def test_a_month_is_frozen_and_every_figure_comes_out_again_without_the_database(
    town: District, database_url: str, here: Path
) -> None:
    assert town.value("heat_delivered", None, "month", "2026-03-01T00:00")
    ended = run(database_url, "report", "town", MARCH, "--sites", "--author", "A. Jensen", "--json")
    assert ended.exit_code == 0, ended.output
    said, key = json.loads(ended.stdout), json.loads(run("", "report", "key", "--json").stdout)
    assert said["file"] == "town-2026-03.zip"
    assert said["figures"] > 0
    assert said["key"] == key["fingerprint"]
    assert key["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    found = json.loads(run("", "verify", "town-2026-03.zip", "--json").output)
    assert found["holds"], found
    assert found["verdicts"].keys() == {"reproduces"}
    assert found["verdicts"]["reproduces"] > 20
    assert found["title"].endswith(MARCH)

    told = run("", "verify", "town-2026-03.zip").output
    assert "figures reproduce to the last bit." in told

    schedule = here / "reports.yaml"
    one = "city: town, every: half-year, since: 2026-01-01, folder: kept, for_evaluators: true"
    schedule.write_text(f"reports: [{{{one}}}]")
    assert run(database_url, "report", "keep", "reports.yaml", "--once").exit_code == 0
    assert json.loads(run("", "verify", "kept/town-2026-H1.zip", "--json").output)["holds"]
    with reading(here / "kept" / "town-2026-H1.zip") as archive:
        assert archive.report()["audience"] == "evaluators"

    asked = ("report", "town", MARCH, "--sites", "--for-evaluators", "--out", "evaluators.zip")
    assert run(database_url, *asked).exit_code == 0
    with reading(here / "evaluators.zip") as archive:
        assert (archive.report()["audience"], list(archive.withheld())) == ("evaluators", [])
    alone, beside = ("verify", "evaluators.zip", "--json"), ("--whole", "town-2026-03.zip")
    assert json.loads(run("", *alone).output)["verdicts"] == found["verdicts"]
    assert json.loads(run("", *alone, *beside).output)["holds"]

    content = (here / "town-2026-03.zip").read_bytes()
    (here / "altered.zip").write_bytes(content.replace(b"figures.csv", b"figures.txt"))
    ended = run("", "verify", "altered.zip")
    assert ended.exit_code == 1
    assert isinstance(ended.exception, ReportError)


def test_late_data_are_what_two_reports_differ_by(town: District, database_url: str, here: Path) -> None:
    assert run(database_url, "report", "town", MARCH, "--out", "before.zip").exit_code == 0
    known = isoformat(town.now)
    town.counts("meter-b", "heat_energy", "2026-03-10T00:00", "2026-03-11T00:00", 3.0)
    assert run(database_url, "report", "town", MARCH, "--out", "due.zip").exit_code == 0
    town.now += 3_600_000_000
    town.settle()
    assert run(database_url, "report", "town", MARCH, "--out", "after.zip").exit_code == 0

    assert "Both say the same of every figure." in run("", "report", "diff", "before.zip", "due.zip").output
    told = json.loads(run("", "report", "diff", "before.zip", "after.zip", "--json").output)
    found = {one["figure"]: one for one in told}
    heat = found["heat_delivered of town, 2026-03"]
    assert (heat["before"]["value"], heat["after"]["value"]) == (2972.0, 2996.0)
    assert any("late data" in why for why in heat["why"])

    asked = ("report", "town", MARCH, "--as-of", known, "--out", "former.zip", "--pdf")
    assert run(database_url, *asked).exit_code == 0
    assert "Both say the same of every figure." in run("", "report", "diff", "before.zip", "former.zip").output
    found = json.loads(run("", "verify", "former.zip", "--json").output)
    assert (found["faults"], found["verdicts"].keys()) == ([], {"reproduces", "not reproducible"})
    assert {failure.split(" of ")[0] for failure in found["failures"]} == {
        "heat_emissions_hourly",  # of hours a figure keeps a digest, and one of them is another now
        "heat_load_factor",
        "heat_peak_load",
    }
    with reading(here / "former.zip") as archive:
        assert archive.report()["known_at"] == known
    assert "yet to come" in str(run(database_url, *asked[:3], "--as-of", "2100-01-01").exception)


def test_the_way_from_a_question_to_a_signed_file_can_be_walked(town: District, database_url: str, here: Path) -> None:
    del town
    told = {}
    for command in commands_of_the_page():
        ended = run(database_url, *command)
        assert ended.exit_code == 0, (command, ended.output, ended.exception)
        told[" ".join(command[:2])] = ended.output
    assert len(told) >= 6
    assert "figures reproduce to the last bit." in told["verify season.zip"]
    assert "Both say the same of every figure." in told["report diff"]
    assert (here / "season.xlsx").read_bytes()[:2] == b"PK"
    whole = (here / "season.zip").read_bytes()
    place = whole.index(b"report.html") + 400  # inside of that file
    (here / "altered.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    ended = run("", "verify", "altered.zip")
    assert (ended.exit_code, "report.html" in ended.output) == (1, True)


def test_what_cannot_be_reported_is_told(town: District, database_url: str, here: Path) -> None:
    del town
    for asked, said in (
        (("report", "town", "march"), "expected a month"),
        (("report", "atlantis", MARCH), "atlantis"),
    ):
        ended = run(database_url, *asked)
        assert ended.exit_code == 1
        assert said in str(ended.exception)
    assert [path.name for path in here.iterdir() if path.suffix == ".zip"] == []
