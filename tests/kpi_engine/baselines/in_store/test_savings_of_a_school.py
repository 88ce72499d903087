"""What a school has saved since its renovation: worth, days that count, adjustments, late data and reports."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.model.calendar import Period
from ingest.model.time import from_micros
from kpi_engine.errors import BaselineError, BaselineRangeError
from kpi_engine.reports.checking import Verdict, check_savings
from kpi_engine.reports.differences import savings_differences
from kpi_engine.reports.freezing_savings import frozen_savings
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.period import ReportPeriod
from tests.kpi_engine.baselines.in_store.conftest import (
    BASELINES,
    SAVED,
    TEMPERATURE,
    WHO,
    YEAR,
    School,
    present,
)
from tests.kpi_engine.baselines.made_up import heated
from tests.kpi_engine.conftest import FACTORS, at
from tests.kpi_engine.reproduced import not_reproduced

pytestmark = pytest.mark.integration


def test_savings_are_worth_what_price_and_factor_say(school: School) -> None:
    school.told("fit", "heat")
    found = school.told("savings", "heat", *YEAR)

    months = {month["first"]: month for month in found["parts"]}
    june, august = months["2025-06-01"], months["2025-08-01"]
    assert june["cost"]["value"] == pytest.approx(0.10 * june["avoided"]["value"])
    assert august["cost"]["value"] == pytest.approx(0.20 * august["avoided"]["value"])
    factor = next(one for one in FACTORS if one.carrier == "heat" and one.valid_from.year == 2025)
    assert june["emissions"]["value"] == pytest.approx(factor.value * june["avoided"]["value"])
    assert found["currency"] == "EUR"
    assert any("bill of June 2025" in rate for rate in found["rates"])
    assert any(rate.startswith("test ") for rate in found["rates"])


def test_savings_of_days_add_up_to_those_of_their_month(school: School) -> None:
    school.told("fit", "heat")
    days = school.told("savings", "heat", "--from", "2025-03-01", "--to", "2025-04-01", "--period", "day")
    assert len(days["parts"]) == 31
    of_days = sum(one["adjusted_baseline"] - one["measured"] for one in days["parts"])
    assert of_days == pytest.approx(days["total"]["adjusted_baseline"] - days["total"]["measured"])
    assert all(one["model_half_width"] > 0.0 for one in days["parts"])


def test_savings_are_a_figure_with_bounds_lineage_and_cause(school: School) -> None:
    version = school.told("fit", "heat")["model"]["version"]
    school.district.settle()
    march = {month["first"]: month for month in school.told("savings", "heat", *YEAR)["parts"]}["2025-03-01"]
    figure = school.district.value("heat_avoided", "school", "month", "2025-03-01T00:00")
    before = school.district.value("heat_avoided", "school", "month", "2025-01-01T00:00")

    assert figure is not None
    told = tuple(march["avoided"][name] for name in ("value", "lower", "upper"))
    assert (figure.value, figure.lower, figure.upper) == pytest.approx(told)
    assert figure.status == march["avoided"]["status"]
    assert figure.cause_detail == f"baseline heat: model {version}"
    assert before is not None
    assert (before.value, before.reason) == (None, "no day of the reporting period is over")
    assert not_reproduced(school.district.connection, [Period.MONTH]) == []


def test_one_meter_says_the_same_as_the_indicator_that_counts_it(school: School) -> None:
    school.told("fit", "heat")
    school.told("fit", "meter")
    one, other = (school.told("savings", name, *YEAR)["total"] for name in ("heat", "meter"))
    assert other["measured"] == pytest.approx(one["measured"])
    assert other["avoided"]["value"] == pytest.approx(one["avoided"]["value"])


def test_days_that_do_not_count_are_named_with_their_reason(school: School) -> None:
    school.told("fit", "heat")
    school.district.now = at("2026-03-01T00:20")
    school.district.counts("meter", "heat_energy", "2026-02-01T00:00", "2026-02-03T00:00", 10.0)
    school.district.gauges("weather", "outdoor_temperature", "2026-02-01T00:00", "2026-02-01T10:00", 2.0)
    school.district.gauges("weather", "outdoor_temperature", "2026-02-02T00:00", "2026-02-02T13:00", 2.0)
    school.district.settle()
    found = school.told("savings", "heat", "--from", "2026-02-01", "--to", "2026-03-01")

    reasons = {one["day"]: one["reason"] for one in found["not_counted"]}
    assert len(reasons) == 27
    assert reasons["2026-02-01"] == "its temperature is not known"  # 10 of 24 hours
    assert "2026-02-02" not in reasons  # 13 of 24 hours
    assert "heat_delivered has no value" in reasons["2026-02-20"]
    assert found["total"]["avoided"]["value"] is None
    assert "1 of 28 days count, 90% are needed; those that do not: 2026-02-01" in found["total"]["avoided"]["reason"]
    assert found["total"]["measured"] == pytest.approx(240.0)


@pytest.mark.parametrize(("first", "last"), [("2025-01-15", "2025-03-01"), ("2027-01-01", "2028-01-01")])
def test_days_before_the_measure_and_days_that_are_not_over_are_refused(school: School, first: str, last: str) -> None:
    school.told("fit", "heat")
    found = school.run("savings", "heat", "--from", first, "--to", last)
    assert isinstance(found.exception, BaselineRangeError)


def test_a_year_of_reporting_is_held_against_a_normal_year(school: School) -> None:
    school.told("fit", "normal")
    found = school.told("savings", "normal", "--from", "2025-01-01", "--to", "2026-01-01")

    assert found["part_of_a_year"] is None
    normal = TEMPERATURE[:366]
    saved = SAVED * heated(normal, base_load=100.0, slope=40.0).sum()
    assert found["normalised"]["saved"]["value"] == pytest.approx(saved, rel=0.03)
    part = school.told("savings", "normal", "--from", "2025-01-01", "--to", "2025-06-01")
    assert part["normalised"] is None
    assert "not scaled to a year" in part["not_normalised"]


def test_an_adjustment_is_logged_counted_withdrawn_and_still_known(school: School) -> None:
    school.told("fit", "log")
    before = school.told("savings", "log", *YEAR)["total"]["avoided"]["value"]
    entered = school.run("adjust", "log", "--from", "2025-03-01", "--to", "2025-04-01", "--amount", "620", *WHO)
    assert "+620 kWh from 2025-03-01 to 2025-04-01, +20 kWh a day." in entered.output
    number = entered.output.split()[1].rstrip(":")
    between = from_micros(present()).isoformat()

    adjusted = school.told("savings", "log", *YEAR)
    assert adjusted["total"]["adjustments"] == pytest.approx(620.0)
    assert adjusted["total"]["avoided"]["value"] - before == pytest.approx(620.0)
    assert adjusted["adjustments"][0]["author"] == "A. Larsen"
    assert school.run("withdraw", number, "--author", "B. Holm", "--reason", "next door").exit_code == 0
    assert school.told("savings", "log", *YEAR)["total"]["avoided"]["value"] == pytest.approx(before)
    (logged,) = school.told("adjustments", "log")
    assert (logged["withdrawn_by"], logged["withdrawn_for"]) == ("B. Holm", "next door")
    assert isinstance(school.run("withdraw", number, *WHO).exception, BaselineError)
    then = school.told("savings", "log", *YEAR, "--as-of", between)
    assert then["total"]["adjustments"] == pytest.approx(620.0)
    assert any("are those of" in note and "known now" in note for note in then["notes"])


def test_savings_as_reported_stay_when_a_day_comes_late(school: School) -> None:
    school.told("fit", "late")
    reported = school.told("savings", "late", *YEAR)["total"]
    late = "2025-12-10T00:00", "2025-12-11T00:00"
    school.district.now = max(school.district.now, at("2026-01-03T00:20"))
    school.district._store("meter", "heat_energy", *late, lambda bucket: replace(bucket, total=20.0))
    school.district.settle()

    now = school.told("savings", "late", *YEAR)["total"]
    then = school.told("savings", "late", *YEAR, "--as-of", "2026-01-02", "--model", "1")["total"]
    assert now["measured"] != reported["measured"]
    assert now["avoided"]["value"] - reported["avoided"]["value"] == pytest.approx(
        reported["measured"] - now["measured"]
    )
    assert then == reported


def test_savings_that_a_report_freezes_come_out_of_their_days_again_and_an_altered_one_does_not(school: School) -> None:
    for name in ("heat", "short", "simulated", "normal"):
        school.run("fit", name)
    frozen = frozen_savings(school.district.connection, "town", ReportPeriod.parse("2025"), school.district.now)
    found = {one.id.rpartition(".")[2]: FrozenSavings.model_validate_json(one.model_dump_json()) for one in frozen}

    assert found.keys() == {baseline["name"] for baseline in BASELINES} | {"together"}  # that of a group
    assert {name: check_savings(one) for name, one in found.items()} == dict.fromkeys(found, (Verdict.REPRODUCES, None))
    heat = found["heat"]
    assert heat.said is not None
    assert heat.first == date(2025, 2, 1)
    assert heat.said["avoided"]["value"] == school.told("savings", "heat", *YEAR)["total"]["avoided"]["value"]
    assert found["short"].disqualified == ["the period has 214 days; expected a whole year, 365 or 366"]

    assert heat.days is not None
    energies = heat.days["columns"]["energy"]
    other = {**heat.days, "columns": {**heat.days["columns"], "energy": [energies[0] + 1.0, *energies[1:]]}}
    told = heat.model_copy(update={"days": other})
    verdict, why = check_savings(told)
    assert verdict is Verdict.DIFFERS
    assert "measured" in str(why)
    assert heat.fit is not None
    fitted_to = {**heat.fit.days, "columns": {**heat.fit.days["columns"], "energy": list(range(366))}}
    forged = heat.model_copy(update={"fit": heat.fit.model_copy(update={"days": fitted_to})})
    assert check_savings(forged) == (Verdict.DIFFERS, "its days lead to another model")

    (difference,) = savings_differences([heat], [told.model_copy(update={"said": None, "adjustments": []})])
    assert difference.why == ("other daily energies or temperatures",)
