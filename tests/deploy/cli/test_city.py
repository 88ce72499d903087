"""``pharos city new`` gives a file that is valid as it stands, and never overwrites one."""

from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli import city
from ingest.model.city import city_file

app = typer.Typer()
city.register(app)
runner = CliRunner()
FIRST = "abcdefghijklmnopqrstuvwxyz0123456789"
names = st.tuples(st.sampled_from(FIRST), st.text(f"{FIRST}_-", max_size=62)).map("".join)


@given(names)
def test_every_valid_name_gives_a_valid_file(name: str) -> None:
    result = runner.invoke(app, ["city", "new", "--", name])
    assert result.exit_code == 0
    declared = city_file.parse(result.stdout, "printed")
    assert declared.name == name
    assert declared.devices


@pytest.mark.parametrize("name", ["Tartu", "a b", "", "näpi", "x: 1", "a\nrole: x"])
def test_a_name_that_cannot_stand_in_a_topic_is_refused(name: str) -> None:
    result = runner.invoke(app, ["city", "new", "--", name])
    assert result.exit_code == 1
    assert result.stdout == ""


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "lecce.yaml"
    assert runner.invoke(app, ["city", "new", "lecce", "--output", str(path)]).exit_code == 0
    assert city_file.load(path).title == "Lecce"
    path.write_text("mine")
    again = runner.invoke(app, ["city", "new", "lecce", "--output", str(path)])
    assert again.exit_code == 1
    assert "exists already" in again.stderr
    assert path.read_text() == "mine"


def test_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    result = runner.invoke(app, ["city", "new", "lecce", "-o", str(tmp_path / "nowhere" / "lecce.yaml")])
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
