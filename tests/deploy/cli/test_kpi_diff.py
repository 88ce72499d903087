"""``pharos kpi diff``: as reported against as known, two reports, two methods; each difference with its cause."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import kpi, report
from ingest.model.time import from_micros
from kpi_engine.errors import KpiError
from tests.kpi_engine.conftest import CITY, District, district_of, fill

pytestmark = pytest.mark.integration

SPRING: Final = ("--city", "town", "--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture(scope="module")
def town(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[District, Path]]:
    """Return a town whose March was reported, and then got late data twice; and its report."""
    frozen = tmp_path_factory.mktemp("reports") / "march.zip"
    with district_of(module_database_url, CITY) as district:
        fill(district)
        asked = ("town", "2026-03", "--out", str(frozen), "--key", str(frozen.with_suffix(".pem")))
        made = run(module_database_url, "report", "freeze", *asked)
        assert made.exit_code == 0, made.output
        for day, per_hour in (("10", 3.0), ("20", 4.0)):
            district.now += 3_600_000_000
            district.counts("meter-b", "heat_energy", f"2026-03-{day}T00:00", f"2026-03-{day}T12:00", per_hour)
            district.settle()
        yield district, frozen


def run(url: str, *arguments: str) -> Result:
    app = typer.Typer()
    for command in (kpi, report):
        command.register(app)
    return CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": url})


def diff(url: str, *arguments: str) -> list[dict[str, Any]]:
    ended = run(url, "kpi", "diff", *arguments, "--json")
    assert ended.exit_code == 0, ended.output
    found: list[dict[str, Any]] = json.loads(ended.output)
    return found


def test_what_was_known_otherwise_is_told_with_every_revision_between(
    town: tuple[District, Path], module_database_url: str
) -> None:
    district, _ = town
    reported = from_micros(district.now - 2 * 3_600_000_000).isoformat()
    (heat,) = diff(module_database_url, reported, "now", *SPRING, "--kpi", "heat_delivered")
    assert heat["figure"] == "heat_delivered of town, 2026-03"
    assert heat["after"]["value"] - heat["before"]["value"] == pytest.approx(12 * 1.0 + 12 * 2.0)
    assert [why.split(": ")[:2] for why in heat["why"] if why.startswith("revision")] == [
        ["revisions 2 to 3", "late data"]
    ]
    assert any("of meter-b" in why for why in heat["why"])
    others = {one["figure"].split()[0] for one in diff(module_database_url, reported, "now", *SPRING)}
    assert {"heat_delivered", "heat_emissions", "city_final_energy"} <= others


def test_between_two_instants_only_what_happened_there_is_told(
    town: tuple[District, Path], module_database_url: str
) -> None:
    district, _ = town
    between = from_micros(district.now - 3_600_000_000).isoformat()
    now = from_micros(district.now).isoformat()
    (heat,) = diff(module_database_url, between, now, *SPRING, "--kpi", "heat_delivered")
    assert heat["after"]["value"] - heat["before"]["value"] == pytest.approx(12 * 2.0)
    assert diff(module_database_url, now, "now", *SPRING) == []
    (first,) = diff(module_database_url, "2026-01-01", between, *SPRING, "--kpi", "heat_delivered")
    assert (first["before"], first["why"][0]) == (None, "nothing was known of it at 2025-12-31 23:00Z")


def test_a_report_is_held_against_what_is_known_now(town: tuple[District, Path], module_database_url: str) -> None:
    found = {one["figure"]: one for one in diff(module_database_url, str(town[1]), "now")}
    heat = found["heat_delivered of town, 2026-03"]
    assert heat["after"]["value"] - heat["before"]["value"] == pytest.approx(36.0)
    assert diff(module_database_url, str(town[1]), str(town[1])) == []


def test_two_methods_are_told_with_their_formulas(town: tuple[District, Path], module_database_url: str) -> None:
    del town
    found = diff(module_database_url, "heat_emissions", "heat_emissions_hourly", *SPRING)
    (march,) = found
    assert [march[side]["kpi"] for side in ("before", "after")] == ["heat_emissions", "heat_emissions_hourly"]
    assert any("sum over hours" in why for why in march["why"])
    told = run(module_database_url, "kpi", "diff", "heat_emissions", "heat_emissions_hourly", *SPRING).output
    assert "sum over hours" in told


def test_what_cannot_be_compared_is_refused_in_a_sentence(
    town: tuple[District, Path], module_database_url: str
) -> None:
    del town
    ended = run(module_database_url, "kpi", "diff", "2026-04-01", "2026-03-01", *SPRING)
    assert isinstance(ended.exception, KpiError)
    assert "expected an instant before B" in str(ended.exception)
    ended = run(module_database_url, "kpi", "diff", "2026-04-01", "now")
    assert ended.exit_code == 2
    assert "expected --city, --from and --to" in " ".join(ended.output.split())
