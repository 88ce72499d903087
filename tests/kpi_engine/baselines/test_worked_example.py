"""``pharos baseline compute``: published days in, published figures out, without a city."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import baseline
from ingest.model.city.baseline import USUAL_DEGREE_DAYS, USUAL_METHOD, BaselineDeclaration
from kpi_engine.baselines.methods import METHODS
from kpi_engine.baselines.worked_example import WorkedExample, worked
from kpi_engine.errors import BaselineError
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from tests.kpi_engine.baselines import illinois
from tests.kpi_engine.baselines.illinois import BASELINE


def year(**keys: object) -> dict[str, Any]:
    days = {
        "energy": illinois.column("electricity_kwh")[BASELINE].tolist(),
        "temperature": illinois.column("mean_degf")[BASELINE].tolist(),
        "first": "2015-12-27",
    }
    return {"unit": "degF", "baseline": days, "balance_points": {"first": 30, "last": 90, "step": 1}, **keys}


def run(path: Path, document: object) -> Result:
    path.write_text(json.dumps(document), encoding="utf-8")
    app = typer.Typer()
    baseline.register(app)
    return CliRunner().invoke(app, ["baseline", "compute", "--inputs", str(path)])


def test_published_days_come_to_published_savings(tmp_path: Path) -> None:
    reporting = {"energy": [1.0] * 60, "temperature": [*map(float, range(30, 89)), None], "first": "2011-01-01"}
    found = json.loads(run(tmp_path / "days.json", year(reporting=reporting)).output)

    assert found["model"]["kind"] == "hdd_cdd"
    assert (found["model"]["heating_balance"], found["model"]["cooling_balance"]) == (53.0, 68.0)
    saved = found["savings"]
    assert saved["counted"] == 59
    assert saved["predicted"] - saved["measured"] == pytest.approx(1571.28, abs=0.005)


def test_degrees_of_both_scales_come_to_the_same_model() -> None:
    fahrenheit = year(balance_points=None)
    celsius = json.loads(json.dumps(fahrenheit)) | {"unit": "degC"}
    celsius["baseline"]["temperature"] = [(value - 32) / 1.8 for value in fahrenheit["baseline"]["temperature"]]
    one, other = (worked(WorkedExample.model_validate(each)) for each in (fahrenheit, celsius))

    assert one["quality"]["cv_rmse"] == pytest.approx(other["quality"]["cv_rmse"])
    assert one["model"]["heating_slope"] == pytest.approx(other["model"]["heating_slope"] / 1.8)
    assert (one["model"]["heating_balance"] - 32) / 1.8 == pytest.approx(other["model"]["heating_balance"])


def test_days_in_any_order_come_to_the_same() -> None:
    plain = year(balance_points=None)
    days = [f"2015-01-{1 + place // 12:02d}" for place in range(365)]
    assert len(set(days)) < 365
    with pytest.raises(ValueError, match="each day once"):
        WorkedExample.model_validate(plain | {"baseline": plain["baseline"] | {"day": days}})


def test_a_part_of_a_year_is_told_unless_it_is_asked_for() -> None:
    part = {"energy": [1.0, 1.0, 1.0, 6.0, 2.0], "temperature": [10.0, 10.0, 10.0, 5.0, 9.0]}
    refused = worked(WorkedExample.model_validate({"baseline": part}))
    assert refused["model"] is None
    assert refused["reasons"] == ["the period has 5 days; expected a whole year, 365 or 366"]
    assert worked(WorkedExample.model_validate({"baseline": part, "whole_year": False}))["model"]["kind"]


def test_what_is_wrong_with_the_inputs_is_said(tmp_path: Path) -> None:
    found = run(tmp_path / "days.json", {"baseline": {"energy": [1.0], "temperature": []}})
    assert isinstance(found.exception, BaselineError)
    assert "expected as many temperatures" in str(found.exception)


PAGE = (Path(__file__).parents[3] / "docs" / "baselines.md").read_text(encoding="utf-8")


def names(heading: str) -> list[str]:
    """Return the names in the first column of the first table below a heading of the page."""
    table = re.search(r"^\|.*?\|\n\|-.*?\|\n((?:\|.*\|\n)+)", PAGE.partition(heading)[2], re.MULTILINE)
    assert table
    return [name for row in table[1].splitlines() for name in re.findall(r"[a-z_]+", row.split("|")[1])]


def test_the_documentation_names_what_there_is() -> None:
    assert sorted(names("## Declare a baseline")) == sorted(BaselineDeclaration.model_fields)
    assert names("## Degree days") == list(DEGREE_DAYS)
    assert [name for name in METHODS if f"`{name}`" not in PAGE] == []
    assert (USUAL_METHOD in METHODS, USUAL_DEGREE_DAYS in DEGREE_DAYS) == (True, True)


def test_the_example_of_the_documentation_says_what_stands_there(tmp_path: Path) -> None:
    example = re.search(r"^```json\n(.*?)^```.*?^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    output = run(tmp_path / "days.json", json.loads(example[1])).output
    assert [line for line in example[2].splitlines() if line not in output] == []
