"""A baseline from the city file to savings on a real database: a school whose heating was renovated in January 2025."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sin
from pathlib import Path
from time import time_ns
from typing import Any, Final

import httpx
import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from deploy.cli import baseline as commands
from ingest.model.calendar import Period, day_of, day_start
from ingest.model.city.city_file import parse
from ingest.model.time import from_micros
from kpi_engine.api import tokens
from kpi_engine.api.app import create_app
from kpi_engine.baselines.days import number_of
from kpi_engine.errors import BaselineError, BaselineRangeError
from kpi_engine.figures import store
from kpi_engine.reports.checking import Verdict, check_savings
from kpi_engine.reports.differences import savings_differences
from kpi_engine.reports.freezing_savings import frozen_savings
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.period import ReportPeriod
from processors.storage.registry.registry import sync
from tests.computed import few_indicators
from tests.kpi_engine.api.conftest import serving
from tests.kpi_engine.baselines.made_up import heated, weather
from tests.kpi_engine.conftest import FACTORS, District, at, district_of
from tests.kpi_engine.reproduced import not_reproduced
from tests.towns import USUAL_BASELINE, device, heat_meter, town

pytestmark = pytest.mark.integration

ZONE: Final = "Europe/Copenhagen"
FIRST, LAST = date(2024, 1, 1), date(2026, 1, 1)
TEMPERATURE: Final = weather(FIRST, (LAST - FIRST).days)
SAVED: Final = 0.25
PAGE: Final = Path(__file__).parents[3] / "docs" / "baselines.md"


def declared(name: str, **keys: object) -> dict[str, object]:
    return {**USUAL_BASELINE, "name": name, **keys}


def documented() -> dict[str, object]:
    """Return the baseline that docs/baselines.md declares."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found: dict[str, object] = json.loads(json.dumps(yaml.safe_load(block), default=str))
    return found


BASELINES: Final = [
    documented(),
    declared("meter", energy={"series": {"device": "meter", "quantity": "heat_energy"}}, option="B"),
    declared("short", baseline_from="2024-06-01"),
    declared("simulated", option="D"),
    declared("normal", reporting_from="2025-01-01", normal_year_from="2024-01-01"),
    declared("log"),
    declared("again"),
    declared("late"),
    declared("never"),
]


def city(baselines: list[dict[str, object]]) -> str:
    return town(
        heat_meter(name="meter", site="school"),
        device("weather", "weather_station", "outdoor_temperature", site="roof"),
        name="town",
        sites={"school": {"baselines": baselines}, "roof": {}},
        groups=[{"name": "campus", "members": ["school", "roof"], "baselines": [declared("together")]}],
        factors={"heat": "test"},
    )


def energy_of(day: date) -> float:
    """Return what the school uses on a day: a quarter less since 2025, and an odd amount that has no reason."""
    place = number_of(day) - number_of(FIRST)
    used = float(heated(TEMPERATURE[place : place + 1], base_load=100.0, slope=40.0)[0])
    return used * (1.0 - SAVED if day.year == 2025 else 1.0) + 20.0 * sin(7.0 * place)


@dataclass
class School:
    """The school in its town, with commands and an interface on its database."""

    url: str
    district: District
    api: str

    def run(self, *arguments: str, of: str = "school") -> Result:
        """Run a command of pharos baseline for the school, or for a group."""
        app = typer.Typer()
        commands.register(app)
        command, *rest = arguments
        where = ["town", of] if command != "withdraw" else []
        environment = {"PHAROS_DATABASE_URL": self.url}
        return CliRunner().invoke(app, ["baseline", command, *where, *rest], env=environment)

    def told(self, *arguments: str, of: str = "school") -> Any:  # noqa: ANN401 - a JSON document
        """Return what such a command prints as JSON."""
        found = self.run(*arguments, "--json", of=of)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return json.loads(found.output)

    def told_of_nothing(self, *arguments: str) -> Any:  # noqa: ANN401 - a JSON document
        """Return what a command prints that asks no database."""
        app = typer.Typer()
        commands.register(app)
        return json.loads(CliRunner().invoke(app, ["baseline", *arguments]).output)

    def client(self, role: str = "evaluator", cities: list[str] | None = None) -> httpx.Client:
        """Return a client with a token of its own."""
        secret = tokens.create(self.district.connection, f"{role} {cities} {id(self)}", role, cities)
        self.district.connection.commit()
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=f"{self.api}/api/v1", headers=headers, timeout=120)


@pytest.fixture(scope="module")
def school(module_database_url: str) -> Iterator[School]:
    """Return the school with two years of hours, what it took computed; the tests of this module share it."""
    with (
        few_indicators(["heat_delivered", "heat_avoided"]),
        district_of(module_database_url, city(BASELINES)) as district,
    ):
        district.now = at("2026-01-01T00:20")
        span = f"{FIRST}T00:00", f"{LAST}T00:00"
        by_day = {FIRST + timedelta(days=place): TEMPERATURE[place] for place in range(len(TEMPERATURE))}
        hours = {day: (day_start(day + timedelta(days=1), ZONE) - day_start(day, ZONE)) / 3.6e9 for day in by_day}

        def counted(bucket: Any) -> Any:  # noqa: ANN401 - a rollup
            day = day_of(bucket.bucket, ZONE)
            return replace(bucket, total=energy_of(day) / hours[day])

        def measured(bucket: Any) -> Any:  # noqa: ANN401 - a rollup
            mean = by_day[day_of(bucket.bucket, ZONE)]
            known = {"integral": mean * bucket.seconds, "weighted": bucket.seconds}
            return replace(bucket, **known, minimum=mean - 3.0, maximum=mean + 3.0)

        district._store("meter", "heat_energy", *span, counted)
        district._store("weather", "outdoor_temperature", *span, measured)
        district.settle()
        app = create_app(module_database_url, lambda: district.now)
        with serving(app) as api:
            yield School(module_database_url, district, api)


YEAR: Final = ("--from", "2025-02-01", "--to", "2026-01-01")
WHO: Final = ("--author", "A. Larsen", "--reason", "a new wing")


def truly_saved(first: date, last: date) -> float:
    places = slice(number_of(first) - number_of(FIRST), number_of(last) - number_of(FIRST))
    return SAVED * float(heated(TEMPERATURE[places], base_load=100.0, slope=40.0).sum())


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
    between = from_micros(_now()).isoformat()

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


def test_a_fit_that_changes_nothing_is_kept_once_and_a_former_model_can_be_told(school: School) -> None:
    first = school.told("fit", "again")
    assert first["is_new"] is True
    assert school.told("fit", "again")["is_new"] is False
    former = school.told("savings", "again", *YEAR)["total"]["avoided"]["value"]
    known = from_micros(_now()).isoformat()
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


def _now() -> int:
    return time_ns() // 1000


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
