"""``pharos check`` names file, key and what was expected."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.check import register
from tests.towns import heat_meter, town

COMMAND = register
SHIPPED = Path(__file__).parents[3] / "deploy" / "cities"


@pytest.mark.long
def test_the_city_files_that_come_with_pharos_are_valid(app: typer.Typer) -> None:
    checked = CliRunner().invoke(app, [str(path) for path in SHIPPED.glob("*.yaml")])
    assert checked.exit_code == 0, checked.output


def test_every_fault_of_every_file_is_named(app: typer.Typer, tmp_path: Path) -> None:
    good = town(heat_meter())
    zone = good[: good.index('"timezone"')].count("\n") + 1
    (tmp_path / "zone.yaml").write_text(good.replace("Europe/Copenhagen", "Europe/Atlantis"))
    (tmp_path / "yaml.yaml").write_text("a: [")
    files = [str(tmp_path / name) for name in ("zone.yaml", "yaml.yaml", "absent.yaml")]
    checked = CliRunner().invoke(app, files)
    assert checked.exit_code == 1
    assert f"{files[0]}:{zone}: timezone: expected an IANA zone" in checked.stderr
    assert f"{files[1]}:1: (file): expected YAML" in checked.stderr
    assert f"{files[2]}: (file): cannot be read" in checked.stderr
    faults = json.loads(CliRunner().invoke(app, [*files, "--json"]).stdout)
    assert [fault["file"] for fault in faults] == files


def test_without_a_file_it_is_a_usage_error(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, []).exit_code == 2
