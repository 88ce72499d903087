"""A baseline of the city file is fitted to days in a real database, once, and told from there again."""

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.model.city.city_file import parse
from ingest.model.time import from_micros
from kpi_engine.errors import BaselineError
from processors.storage.registry.registry import sync
from tests.kpi_engine.baselines.in_store.conftest import (
    BASELINES,
    LAST,
    YEAR,
    School,
    city,
    declared,
    present,
    truly_saved,
)

pytestmark = pytest.mark.integration


def test_a_declared_baseline_is_fitted_and_its_savings_hold_the_truth(school: School) -> None:
    fitted = school.told("fit", "heat")
    assert fitted["model"]["reasons"] == []
    assert fitted["model"]["result"]["model"]["kind"] == "hdd_only"
    assert fitted["model"]["result"]["model"]["heating_balance"] == pytest.approx(15.0, abs=1.7)
    assert fitted["model"]["result"]["quality"]["cv_rmse"] < 0.1

    found = school.told("savings", "heat", *YEAR)
    total, truth = found["total"], truly_saved(date(2025, 2, 1), LAST)
    assert total["counted"] == total["days"] == 334
    assert total["avoided"]["lower"] <= truth <= total["avoided"]["upper"]
    assert total["avoided"]["value"] == pytest.approx(truth, rel=0.02)
    assert total["avoided"]["status"] == "final"
    assert [month["first"] for month in found["parts"]][::10] == ["2025-02-01", "2025-12-01"]
    assert sum(month["avoided"]["value"] for month in found["parts"]) == pytest.approx(total["avoided"]["value"])
    assert found["part_of_a_year"].startswith("these are the savings of 334 days")


def test_a_model_is_computed_from_its_lineage_to_the_same_bits(school: School, tmp_path: Path) -> None:
    school.told("fit", "heat")
    shown = school.told("show", "heat")
    file = tmp_path / "days.json"
    file.write_text(json.dumps(shown["inputs"]), encoding="utf-8")
    found = school.told_of_nothing("compute", "--inputs", str(file))

    assert len(shown["inputs"]["baseline"]["day"]) == 366
    assert found["model"] == shown["model"]["result"]["model"]
    assert found["quality"] == shown["model"]["result"]["quality"]


def test_a_fit_that_changes_nothing_is_kept_once_and_a_former_model_can_be_told(school: School) -> None:
    first = school.told("fit", "again")
    assert first["is_new"] is True
    assert school.told("fit", "again")["is_new"] is False
    former = school.told("savings", "again", *YEAR)["total"]["avoided"]["value"]
    known = from_micros(present()).isoformat()
    other = declared("again", method="caltrack-2.0-daily-celsius")
    changed = [other if one["name"] == "again" else one for one in BASELINES]
    sync(school.district.connection, [parse(city(changed), "town.yaml")])
    school.district.connection.commit()

    assert "the city file declares it otherwise" in school.run("show", "again").output
    assert school.told("fit", "again")["model"]["version"] == 2
    now = school.told("savings", "again", *YEAR)
    assert (now["model"], now["method"]) == (2, "caltrack-2.0-daily-celsius")
    assert now["total"]["avoided"]["value"] != former
    by_version = school.told("savings", "again", *YEAR, "--model", "1")
    then = school.told("savings", "again", *YEAR, "--as-of", known)
    assert by_version["total"]["avoided"]["value"] == former
    assert then["total"]["avoided"]["value"] == former
    assert [one["version"] for one in school.told("show", "again")["models"]] == [1, 2]


def test_a_period_that_is_no_year_is_disqualified_and_nothing_is_saved(school: School) -> None:
    fitted = school.run("fit", "short")
    assert fitted.exit_code == 1
    assert "the period has 214 days; expected a whole year, 365 or 366" in fitted.output

    found = school.told("savings", "short", *YEAR)
    assert found["total"] is None
    assert found["disqualified"] == ["the period has 214 days; expected a whole year, 365 or 366"]


def test_a_simulation_is_not_fitted_to_days(school: School) -> None:
    assert "option D is a calibrated simulation" in school.run("fit", "simulated").output


def test_what_was_never_fitted_says_how(school: School) -> None:
    found = school.run("savings", "never", *YEAR)
    assert isinstance(found.exception, BaselineError)
    assert "pharos baseline fit town school never" in str(found.exception)
