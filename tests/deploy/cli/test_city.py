"""``pharos city new`` gives a file that is valid as it stands, made of the answers, and never overwrites one."""

from datetime import date
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import deploy
from deploy import city_files
from deploy.city_ending import ended, in_use
from deploy.city_file_text import written
from deploy.cli import city
from ingest.model.city import city_file
from ingest.model.verticals import VERTICALS

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


def test_a_file_has_the_zone_the_factors_and_the_examples_of_its_answers() -> None:
    asked = ["--country", "ee", "--vertical", "buildings", "--vertical", "ev_charging", "--title", 'Tartu "north"']
    declared = city_files.parse(runner.invoke(app, ["city", "new", "tartu", *asked]).stdout, "printed")
    as_json = runner.invoke(app, ["city", "new", "tartu", *asked, "--json"]).stdout
    assert city_files.parse(as_json, "printed") == declared
    assert (declared.title, declared.country, declared.timezone) == ('Tartu "north"', "EE", "Europe/Tallinn")
    assert declared.grid_zone == "EE"
    assert {carrier: choices[0].factor for carrier, choices in declared.factors.items()} == {
        "heat": "en-iso-52000-1-district-heating",
        "electricity": "electricity-ee",
    }
    assert {site.vertical for site in declared.sites} == {"buildings", "ev_charging"}


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_vertical_has_an_example_that_is_valid_and_reports_something(vertical: str) -> None:
    declared = city_files.parse(
        runner.invoke(app, ["city", "new", "harbour", "--vertical", vertical]).stdout, "printed"
    )
    assert {site.vertical for site in declared.sites} == {vertical}
    assert all(device.series for device in declared.devices)


def test_a_person_is_asked_and_enter_takes_what_is_proposed() -> None:
    answers = ["", "se", "", "lighthouse", "SE-SE4", "buildings, smart_lighting"]
    told = runner.invoke(app, ["city", "new", "malmo", "--questions"], input="\n".join([*answers, ""]))
    text = told.stdout[told.stdout.index("# City file") :]  # what is typed is echoed before it
    declared = city_files.parse(text, "printed")
    assert (declared.title, declared.timezone, declared.role.value) == ("Malmo", "Europe/Stockholm", "lighthouse")
    assert declared.grid_zone == "SE-SE4"
    assert {site.vertical for site in declared.sites} == {"buildings", "smart_lighting"}
    assert "SE-SE1, SE-SE2" in told.stderr


def test_what_nobody_knows_is_not_guessed() -> None:
    """Norway has five zones of the grid, and no factor is shipped for it."""
    text = runner.invoke(app, ["city", "new", "trondheim", "--country", "NO"]).stdout
    declared = city_files.parse(text, "printed")
    assert declared.grid_zone is None
    assert "or NO-NO2, NO-NO3" in text
    assert "electricity" not in declared.factors
    assert "no factor of NO is shipped" in text


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--country", "XX", "country: 'XX': expected one of ISO 3166"),
        ("--role", "boss", "expected one of lighthouse, follower, network"),
        ("--vertical", "water", "expected one of buildings, district_heating"),
        ("--timezone", "Europe/Atlantis", "timezone"),
    ],
)
def test_an_answer_that_names_nothing_is_refused(option: str, value: str, said: str) -> None:
    told = runner.invoke(app, ["city", "new", "harbour", option, value])
    assert told.exit_code == 1
    assert told.stdout == ""
    assert said in told.stderr


def test_a_city_that_ends_keeps_its_past_and_loses_what_would_begin_later() -> None:
    city = city_files.parse(runner.invoke(app, ["city", "new", "tartu", "--vertical", "buildings"]).stdout, "printed")
    meter, roof, room = city.devices
    planned = room.model_copy(update={"valid_from": date(2026, 12, 24)})
    gone = roof.model_copy(update={"valid_to": date(2026, 3, 1)})
    found = ended(city.model_copy(update={"devices": (meter, gone, planned)}), date(2026, 11, 30))
    assert {device.name: device.valid_to for device in found.devices} == {
        meter.name: date(2026, 12, 1),
        roof.name: date(2026, 3, 1),
    }
    assert in_use(found, date(2026, 11, 30)) == 1
    assert in_use(found, date(2026, 12, 1)) == 0


def test_a_city_written_as_a_file_is_the_same_city() -> None:
    demo = city_file.load(Path(deploy.__file__).parent / "cities" / "demo.yaml")
    assert city_file.parse(written(demo), "written") == demo


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
