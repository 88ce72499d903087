"""``pharos kpi allocate-chp``: every method side by side, or one, and what is missing or wrong in words."""

import json

import typer
from typer.testing import CliRunner, Result

from deploy.cli import kpi
from ingest.model.policies import CHP_ALLOCATION, POLICIES
from kpi_engine.errors import KpiError

PLANT = ("--fuel", "1000", "--electricity", "300", "--heat", "500")


def allocate(*arguments: str) -> Result:
    app = typer.Typer()
    kpi.register(app)
    return CliRunner().invoke(app, ("kpi", "allocate-chp", *arguments))


def test_methods_stand_side_by_side_with_their_sources() -> None:
    printed = " ".join(allocate(*PLANT, "--emissions", "200").output.split())

    for policy in POLICIES[CHP_ALLOCATION].values():
        assert f"{policy.name}: {policy.title}" in printed
    assert "50.0000" in printed
    assert "Danish order on billing" in printed
    assert "needs --emissions and --electricity-factor" in printed


def test_one_method_is_given_as_json_with_the_factor_of_its_heat() -> None:
    [one] = json.loads(allocate(*PLANT, "--emissions", "200", "--method", "heat_200", "--json").output)

    assert (one["heat_share"], one["heat_emissions"], one["electricity_emissions"]) == (0.25, 50.0, 150.0)
    assert one["heat_factor"] == 0.1
    assert one["parameters"] == {"heat_efficiency": 2.0}


def test_an_unknown_method_is_answered_with_the_nearest_one() -> None:
    ended = allocate(*PLANT, "--method", "heat200")

    assert isinstance(ended.exception, KpiError)
    assert str(ended.exception).endswith("not 'heat200'; did you mean heat_200?")


def test_a_plant_without_fuel_or_heat_is_wrong_usage() -> None:
    assert allocate("--fuel", "0", "--electricity", "1", "--heat", "1").exit_code == 2
    assert allocate("--fuel", "1", "--electricity", "1", "--heat", "nan").exit_code == 2
