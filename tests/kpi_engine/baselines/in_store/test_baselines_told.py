"""Commands, tables and the interface say the same of baselines, of sites as of groups."""

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import baseline as commands
from ingest.model.time import from_micros
from kpi_engine.figures import store
from tests.kpi_engine.baselines.in_store.conftest import (
    BASELINES,
    WHO,
    YEAR,
    School,
)
from tests.kpi_engine.conftest import at

pytestmark = pytest.mark.integration


def test_the_interface_says_the_same_as_the_command_line(school: School) -> None:
    school.told("fit", "heat")
    with school.client() as client:
        listed = client.get("/baselines", params={"city": "town", "site": "school"}).json()["items"]
        assert {one["id"] for one in listed} == {f"town.school.{one['name']}" for one in BASELINES}
        answer = client.get("/baselines/town.school.heat/savings", params={"from": "2025-02-01", "to": "2026-01-01"})
        assert answer.status_code == 200, answer.text
        assert answer.json() == school.told("savings", "heat", *YEAR)
        one = client.get("/baselines/town.school.heat").json()
        assert one["models"][-1]["result"] == one["model"]["result"]
        assert client.get("/baselines/town.school.nothing").status_code == 404
        refused = {"from": "2025-01-15", "to": "2025-03-01"}
        assert client.get("/baselines/town.school.heat/savings", params=refused).status_code == 422
        never = client.get("/baselines/town.school.never/savings", params={"from": "2025-02-01", "to": "2025-03-01"})
        assert never.status_code == 404


def test_a_token_of_another_city_sees_no_baseline(school: School) -> None:
    with school.client(cities=["elsewhere"]) as client:
        listed = client.get("/baselines")
        assert listed.json().get("items") == [], listed.text
        assert client.get("/baselines/town.school.heat").status_code == 404


def test_tables_say_what_they_say_in_words(school: School) -> None:
    school.told("fit", "heat")
    shown = school.run("savings", "heat", *YEAR).output
    assert "option C, model 1, bounds at 90%" in shown
    assert "334 of 334" in shown
    assert "not scaled to a year" in shown
    assert "CV(RMSE)" in school.run("show", "heat").output
    listed = CliRunner()
    app = typer.Typer()
    commands.register(app)
    table = listed.invoke(app, ["baseline", "list", "town"], env={"PHAROS_DATABASE_URL": school.url}).output
    assert "never" in table
    assert "not fitted" in table


def test_a_group_has_saved_what_its_sites_have_in_commands_figures_and_the_interface(school: School) -> None:
    school.told("fit", "heat")
    version = school.told("fit", "together", of="campus")["model"]["version"]
    school.district.settle()
    of_site, of_group = school.told("savings", "heat", *YEAR), school.told("savings", "together", *YEAR, of="campus")
    month = from_micros(at("2025-03-01T00:00")), from_micros(at("2025-04-01T00:00"))
    (figure,) = store.values(school.district.connection, "heat_avoided", "town", None, "month", *month, group="campus")
    march = {one["first"]: one for one in of_group["parts"]}["2025-03-01"]

    assert of_group["total"] == of_site["total"] | {"cost": None}  # the group declares no price
    assert of_group["id"] == "town.campus.together"
    told = tuple(march["avoided"][name] for name in ("value", "lower", "upper"))
    assert (figure.value, figure.lower, figure.upper) == pytest.approx(told)
    assert figure.cause_detail == f"baseline together: model {version}"
    with school.client("operator") as client:
        (one,) = client.get("/baselines", params={"group": "campus"}).json()["items"]
        assert (one["id"], one["site"], one["group"]) == ("town.campus.together", None, "campus")
        answer = client.get("/baselines/town.campus.together/savings", params={"from": YEAR[1], "to": YEAR[3]})
        assert answer.json() == of_group


def test_an_adjustment_of_a_group_is_none_of_its_sites(school: School) -> None:
    school.told("fit", "together", of="campus")
    span = ("--from", "2025-03-01", "--to", "2025-04-01", "--amount", "620")
    entered = school.run("adjust", "together", *span, *WHO, of="campus")
    number = entered.output.split()[1].rstrip(":")

    assert school.told("savings", "together", *YEAR, of="campus")["total"]["adjustments"] == pytest.approx(620.0)
    assert school.told("adjustments", "heat") == []
    assert school.run("withdraw", number, *WHO).exit_code == 0
