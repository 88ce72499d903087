"""Indicators over HTTP: catalogue, values as known now and then, lineage, hours."""

from typing import TYPE_CHECKING, Any

import pytest

from ingest.model.time import SECOND
from kpi_engine.api import kpis
from kpi_engine.factors.files import shipped
from kpi_engine.factors.registry import sync as publish
from tests.kpi_engine.api.conftest import listed

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

VALUES = "/kpis/heat_delivered/values"


def ask(client: "httpx.Client", **query: str) -> list[dict[str, Any]]:
    return listed(client, VALUES, city="harbour", **query)


def test_the_catalogue_defines_every_indicator(admin: "httpx.Client") -> None:
    kpis = admin.get("/kpis").json()["items"]
    assert "heat_delivered" in {kpi["name"] for kpi in kpis}
    assert {kpi["name"] for kpi in kpis if kpi["vertical"] is None} >= {"city_final_energy", "city_emissions"}
    assert {kpi["vertical"] for kpi in kpis if kpi["name"].startswith("lighting_")} == {"smart_lighting"}
    for kpi in kpis:
        assert all(kpi[field] for field in ("definition", "unit", "formula", "citation", "inputs", "frameworks"))
        assert admin.get(f"/kpis/{kpi['name']}").json() == kpi


def test_the_catalogue_of_a_city_says_what_is_missing_there(admin: "httpx.Client") -> None:
    missing = {kpi["name"]: kpi["missing"] for kpi in admin.get("/kpis", params={"city": "harbour"}).json()["items"]}
    assert missing["heat_delivered"] is None
    assert missing["heat_emissions_hourly"] == "The city file names no hourly emission factor of heat (factor_series)."
    assert missing["lighting_availability"] == "The city file does not state latitude, longitude (facts)."
    assert missing["lighting_power_density"] == "The city file does not state lit_area (facts)."
    assert missing["ev_charging_energy"] == "No device of this city reports what it needs: electricity_energy."
    assert missing["building_comfort_hours"] == "No device of this city reports what it needs: indoor_temperature."
    assert missing["investment_payback"] == "The city file does not state investment (facts)."
    assert missing["charging_points_per_electric_vehicle"] == (
        "No charging_points was ever imported (pharos data import), "
        "or no registered_electric_vehicles was ever imported (pharos data import)."
    )
    assert {kpi["missing"] for kpi in admin.get("/kpis").json()["items"]} == {None}
    assert admin.get("/kpis", params={"city": "atlantis"}).status_code == 404


def test_an_indicator_belongs_to_the_vertical_whose_devices_it_reads(admin: "httpx.Client") -> None:
    belongs = {kpi["name"]: kpi["vertical"] for kpi in admin.get("/kpis").json()["items"]}
    chosen = (
        "heat_delivered",
        "ev_charging_energy",
        "lighting_burning_hours",
        "building_energy_per_area",
        "building_comfort_hours",
        "city_emissions",
    )
    assert [belongs[name] for name in chosen] == [
        "district_heating",
        "ev_charging",
        "smart_lighting",
        "buildings",
        "buildings",
        None,
    ]


@pytest.mark.usefixtures("april")
def test_the_newest_figures_of_cities_are_read_in_the_order_of_an_index(towns: "Towns") -> None:
    towns.connection.execute("set enable_seqscan = off")  # there are few figures here
    query = f"explain (analyze) {kpis.SQL['api_kpi_newest']}"
    plan = str(towns.connection.execute(query, {"cities": None, "kpis": ["heat_delivered"]}).fetchall())
    towns.connection.rollback()
    assert "figure_current" in plan


@pytest.mark.usefixtures("april")
def test_values_are_those_of_the_civil_periods_that_overlap_the_range(admin: "httpx.Client") -> None:
    [march] = ask(admin, period="month", **{"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"})
    assert (march["period_start"], march["period_end"]) == ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    assert march["value"] == pytest.approx(31 * 24 - 1)
    assert (march["unit"], march["coverage"], march["status"]) == ("kWh", 1.0, "final")
    days = ask(admin, period="day", **{"from": "2026-03-28T23:00:00Z", "to": "2026-03-30T22:00:00Z"})
    assert [day["value"] for day in days] == pytest.approx([23.0, 24.0])


@pytest.mark.usefixtures("april")
def test_every_value_has_its_period_on_the_calendar_of_its_city(admin: "httpx.Client") -> None:
    asked = {"city": "*", "period": "month", "from": "2026-03-01", "to": "2026-04-01"}
    found = listed(admin, "/kpis/heat_delivered/values", **asked)
    zones = {"harbour": "Europe/Copenhagen", "island": "Australia/Lord_Howe"}
    assert {(one["city"], one["label"], one["zone"]) for one in found} == {
        (city, "2026-03", zones[city]) for city in {one["city"] for one in found}
    }
    march_30 = {"from": "2026-03-30", "to": "2026-03-31"}
    (day, *_) = listed(admin, "/kpis/heat_delivered/values", city="harbour", site="house", period="day", **march_30)
    assert (day["label"], day["zone"], day["value_id"]) == ("2026-03-30", "Europe/Copenhagen", None)


@pytest.mark.usefixtures("april")
def test_an_open_period_is_provisional_and_one_from_before_the_first_reading_says_so(admin: "httpx.Client") -> None:
    [month] = ask(admin, period="month", **{"from": "2026-04-05T00:00:00Z"})
    assert month["status"] == "provisional"
    [year] = ask(admin, period="year", **{"from": "2026-01-05T00:00:00Z"})
    # the register showed next to nothing when it was first read, so it had counted next to nothing before
    assert (year["value"], year["status"]) == (pytest.approx(972.0), "provisional")
    assert year["lower"] <= year["value"] <= year["upper"] < 1000.0
    assert "2025-12-31T23:00:00Z" in year["reason"]


def test_as_of_answers_as_was_known_then(april: "Towns", admin: "httpx.Client") -> None:
    asked = {"period": "day", "from": "2026-03-02T00:00:00Z", "to": "2026-03-02T12:00:00Z"}
    [before] = ask(admin, **asked)
    april.read(april.series("harbour", "meter", "heat_energy"), {"2026-03-02T12:00:00Z": 30.0}, "2026-04-10T12:00:01Z")
    april.now += SECOND
    april.settle()
    [now] = ask(admin, **asked)
    assert now["revision"] == before["revision"]  # a conflict keeps the better or larger value by rule, not by arrival
    assert ask(admin, **asked, as_of=before["computed_at"]) == [before]
    assert ask(admin, **asked, as_of="2026-01-01T00:00:00Z") == []


@pytest.mark.usefixtures("april")
def test_sites_are_asked_for_by_name_or_all_at_once(admin: "httpx.Client") -> None:
    asked = {"period": "month", "from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
    assert [value["site"] for value in ask(admin, **asked)] == [None]
    assert [value["site"] for value in ask(admin, **asked, site="house")] == ["house"]
    assert [value["site"] for value in ask(admin, **asked, site="*")] == ["house"]
    assert admin.get(VALUES, params={"city": "harbour", "site": "moon"}).status_code == 404
    assert admin.get(VALUES).status_code == 422
    assert admin.get("/kpis/happiness/values", params={"city": "harbour"}).status_code == 404


def test_lineage_shows_what_a_figure_was_computed_from(april: "Towns", admin: "httpx.Client") -> None:
    [value] = ask(admin, period="month", **{"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"})
    path = f"{VALUES}/{value['value_id']}/lineage"
    lineage = admin.get(path).json()
    assert lineage["value"] == value
    assert lineage["revisions"] == [value]
    assert lineage["inputs"]["energy_kwh"][0]["meter"] == "meter"
    assert lineage["reproduces"] is None
    assert admin.get(path, params={"complete": "true"}).json() == lineage | {"reproduces": True}
    with april.client("evaluator", ["island"]) as foreign:
        assert foreign.get(path).status_code == 404
    assert admin.get(path.replace("heat_delivered", "heat_emissions")).status_code == 404


def test_lineage_names_the_readings_that_an_amount_is_the_difference_of(april: "Towns", admin: "httpx.Client") -> None:
    [value] = ask(admin, period="month", **{"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"})
    path = f"{VALUES}/{value['value_id']}/lineage"
    [found] = admin.get(path, params={"boundaries": "true"}).json()["boundaries"]

    assert (found["device"], found["quantity"]) == ("meter", "heat_energy")
    assert found["series_id"] == april.series("harbour", "meter", "heat_energy")
    on_edge = {"time": "2026-02-28T23:00:00Z", "value": 0.0}
    assert found["start"] == {"time": "2026-02-28T23:00:00Z", "before": on_edge, "after": on_edge}
    assert found["end"]["before"]["value"] - found["start"]["after"]["value"] == value["value"]
    assert admin.get(path).json()["boundaries"] is None


def test_lineage_tells_readings_on_both_sides_of_an_edge_and_none_that_is_left_out(
    towns: "Towns", admin: "httpx.Client"
) -> None:
    series = towns.series("harbour", "meter", "heat_energy")
    towns.count(series, "2026-03-31T21:30:00Z", 48)
    towns.settle()
    towns.connection.execute(
        "insert into reading_quality (series_id, time, flags, rules) values (%s, '2026-03-31T22:30Z', 8, 1)",
        [series],
    )
    towns.connection.commit()
    [day] = ask(admin, period="day", **{"from": "2026-04-01T10:00:00Z", "to": "2026-04-01T11:00:00Z"})
    path = f"{VALUES}/{day['value_id']}/lineage"
    [found] = admin.get(path, params={"boundaries": "true"}).json()["boundaries"]

    assert found["start"]["before"] == {"time": "2026-03-31T21:30:00Z", "value": 0.0}
    assert found["start"]["after"] == {"time": "2026-03-31T23:30:00Z", "value": 2.0}


def test_recomputations_are_listed_for_the_cities_of_the_token(april: "Towns", admin: "httpx.Client") -> None:
    asked = {"since": "2020-01-01T00:00:00Z"}
    assert {done["city"] for done in admin.get("/kpis/recomputations", params=asked).json()["items"]} == {"harbour"}
    with april.client("evaluator", ["island"]) as foreign:
        assert foreign.get("/kpis/recomputations", params=asked).json()["items"] == []


def test_a_quiet_city_is_not_crowded_out_of_the_recomputations(april: "Towns", admin: "httpx.Client") -> None:
    april.connection.execute(
        "insert into figure_log (computed_at, cause_id, city_id, changed, kinds, sites, starts)"
        " select '2000-01-01Z', min(text_id), min(city_id), true, array[min(kind_id)], array[null::integer],"
        " array[now()] from figure_text, figure_kind, city where city.name = 'island'"
    )
    april.connection.commit()
    asked = {"since": "2000-01-01T00:00:00Z", "limit": "1"}
    with april.client("evaluator", ["island"]) as island:
        assert [done["city"] for done in island.get("/kpis/recomputations", params=asked).json()["items"]] == ["island"]
    [done] = admin.get("/kpis/recomputations", params=asked | {"city": "island"}).json()["items"]
    assert done["city"] == "island"


@pytest.mark.usefixtures("april")
def test_recomputations_are_found_by_what_moved_and_why_page_by_page(admin: "httpx.Client") -> None:
    asked = {"from": "2020-01-01T00:00:00Z", "kpi": "heat_delivered", "site": "house", "period": "month"}
    whole = admin.get("/kpis/recomputations", params=asked).json()
    assert [(one["period_start"], one["cause"], one["changed"]) for one in whole["items"]] == [
        ("2026-02-28T23:00:00Z", "first data", True),
        ("2026-03-31T22:00:00Z", "first data", True),
    ]
    first = admin.get("/kpis/recomputations", params={**asked, "limit": 1}).json()
    second = admin.get("/kpis/recomputations", params={**asked, "limit": 1, "cursor": first["next_cursor"]}).json()
    assert [*first["items"], *second["items"]] == whole["items"]
    assert (second["next_cursor"], whole["next_cursor"]) == (None, None)

    march = {**asked, "period_to": "2026-03-02T00:00:00Z"}
    assert len(admin.get("/kpis/recomputations", params=march).json()["items"]) == 1
    for nothing in ({"cause": "late data"}, {"changed": "false"}, {"to": "2020-02-01T00:00:00Z"}):
        assert admin.get("/kpis/recomputations", params=asked | nothing).json()["items"] == []
    for wrong in ({"cursor": first["next_cursor"], "kpi": "heat_emissions"}, {"cursor": "x"}, {"cause": "weather"}):
        assert admin.get("/kpis/recomputations", params=asked | wrong).status_code == 422


@pytest.mark.usefixtures("april")
def test_the_hours_behind_a_sum_add_up_and_are_never_partial(admin: "httpx.Client") -> None:
    path, day = "/kpis/heat_delivered/hours", {"from": "2026-04-09T22:00:00Z", "to": "2026-04-10T22:00:00Z"}
    hours = admin.get(path, params={"city": "harbour", **day}).json()["items"]
    assert len(hours) == 24
    assert [hour["sum"] for hour in hours[:14]] == pytest.approx([1.0] * 14)
    assert [(hour["sum"], hour["provisional"]) for hour in hours[15:]] == [(None, True)] * 9
    assert admin.get("/kpis/heat_delta_t/hours", params={"city": "harbour"}).status_code == 404


def test_factors_are_listed_with_their_source(towns: "Towns", admin: "httpx.Client") -> None:
    publish(towns.connection, shipped())
    towns.connection.commit()
    factors = admin.get("/factors").json()["items"]
    assert factors
    assert all(factor["source"] and factor["unit"] for factor in factors)
