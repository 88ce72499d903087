"""Hours kept as a digest are read again, and said to be the figure's own only where they are."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import kpi
from kpi_engine.engine import reload_inputs
from kpi_engine.evidence import amounts, canonical_models
from kpi_engine.families import intensity
from kpi_engine.figures import store
from kpi_engine.indicators import INDICATORS
from kpi_engine.windows import parts
from tests.kpi_engine.conftest import fill_oddly

if TYPE_CHECKING:
    from tests.kpi_engine.conftest import District

pytestmark = pytest.mark.integration

HOURLY = "heat_emissions_hourly"


@pytest.fixture
def counted(district: "District") -> "District":
    """Return a district with an odd amount and factor in every hour of March."""
    return fill_oddly(district, "2026-03-01", "2026-04-01")


def figure(district: "District", name: str = HOURLY, site: str | None = None) -> store.StoredFigure:
    found = district.value(name, site, "month", "2026-03-01")
    assert found is not None
    return found


def reread(district: "District", value: store.StoredFigure) -> store.Lineage:
    found = store.lineage(district.connection, value.value_id)
    assert found is not None
    return reload_inputs.with_inputs(district.connection, found)


@pytest.mark.parametrize("site", [None, "a"])
def test_the_hours_of_a_figure_reproduce_it_to_the_last_bit(counted: "District", site: str | None) -> None:
    value = figure(counted, site=site)
    again = reread(counted, value)
    assert again.reproduces is True
    assert len(again.inputs["hour_energy_kwh"]) == 31 * 24 - 1
    assert INDICATORS[HOURLY].outcome_of(json.dumps(again.inputs)).value == value.value


def test_hours_that_changed_since_are_said_not_to_reproduce_the_figure(counted: "District") -> None:
    former = figure(counted)
    counted.gauges("plant", "heat_emission_factor", "2026-03-05", "2026-03-06", 0.4)
    assert reread(counted, former).reproduces is False
    counted.settle()
    assert reread(counted, former).reproduces is False
    assert reread(counted, figure(counted)).reproduces is True


def test_inputs_that_are_stored_whole_are_given_as_stored(counted: "District") -> None:
    value = figure(counted, "heat_delivered")
    counted.counts("meter-a", "heat_energy", "2026-03-05", "2026-03-06", 9.0)
    again = reread(counted, value)
    assert again.reproduces is True
    assert INDICATORS["heat_delivered"].outcome_of(json.dumps(again.inputs)).value == value.value


def test_the_commands_hand_one_another_what_checks_a_figure(
    counted: "District", database_url: str, tmp_path: Path
) -> None:
    app, environment = typer.Typer(), {"PHAROS_DATABASE_URL": database_url}
    kpi.register(app)
    value = figure(counted)
    shown = CliRunner().invoke(app, ["kpi", "lineage", str(value.value_id), "--complete"], env=environment)
    lineage = json.loads(shown.stdout)
    assert (lineage["reproduces"], lineage["value"]["value_id"]) == (True, value.value_id)
    (tmp_path / "inputs.json").write_text(json.dumps(lineage["inputs"]))
    computed = CliRunner().invoke(app, ["kpi", "compute", HOURLY, "--inputs", str(tmp_path / "inputs.json")])
    assert json.loads(computed.stdout)["value"] == value.value


def test_the_command_names_the_readings_that_an_amount_begins_and_ends_with(
    counted: "District", database_url: str
) -> None:
    series = counted.series["meter-a", "heat_energy"]
    for time, reading in (("2026-02-28T22:30Z", 1.0), ("2026-03-31T22:00Z", 1487.0)):
        counted.connection.execute("select ensure_partitions(%s, %s)", (time, time))
        counted.connection.execute(
            "insert into observation (series_id, time, value, received_at, source_id, quality)"
            " values (%s, %s, %s, now(), 1, 0)",
            (series, time, reading),
        )
    counted.connection.commit()
    app, environment = typer.Typer(), {"PHAROS_DATABASE_URL": database_url}
    kpi.register(app)
    value = figure(counted, "heat_delivered", "a")
    asked = ["kpi", "lineage", str(value.value_id), "--boundaries"]
    [found] = json.loads(CliRunner().invoke(app, asked, env=environment).stdout)["boundaries"]

    assert (found["device"], found["quantity"], found["series_id"]) == ("meter-a", "heat_energy", series)
    assert found["start"]["before"] == {"time": "2026-02-28T22:30:00Z", "value": 1.0}
    assert found["end"] == {
        "time": "2026-03-31T22:00:00Z",
        "before": {"time": "2026-03-31T22:00:00Z", "value": 1487.0},
        "after": {"time": "2026-03-31T22:00:00Z", "value": 1487.0},
    }


def test_a_figure_that_does_not_exist_is_refused(district: "District", database_url: str) -> None:
    assert district.now
    app = typer.Typer()
    kpi.register(app)
    refused = CliRunner().invoke(app, ["kpi", "lineage", "999999"], env={"PHAROS_DATABASE_URL": database_url})
    assert "there is no figure 999999" in str(refused.exception)


@pytest.mark.parametrize("name", ["heat_delivered", "heat_emissions"])
def test_meters_kept_as_a_digest_are_read_again_and_reproduce_the_figure_to_the_last_bit(
    district: "District", monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in (amounts, intensity):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(canonical_models, "LONGEST", 1)
    with monkeypatch.context() as columns:
        columns.setattr(parts, "MANY", 1)
        counted = fill_oddly(district, "2026-03-01", "2026-04-01")
    value = figure(counted, name)
    stored = store.lineage(counted.connection, value.value_id)
    assert stored is not None
    assert re.search("sha256", json.dumps(stored.inputs))
    again = reread(counted, value)  # one by one, as a list of few is
    assert again.reproduces is True
    assert INDICATORS[name].outcome_of(json.dumps(again.inputs)).value == value.value
    counted.counts("meter-a", "heat_energy", "2026-03-05", "2026-03-06", 9.0)
    assert reread(counted, value).reproduces is False
