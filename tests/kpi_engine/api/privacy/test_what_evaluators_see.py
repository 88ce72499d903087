"""Evaluators and households: figures of enough of them by the month, and nothing of a single one."""

import io
import json
from typing import TYPE_CHECKING

import httpx
import polars as pl
import pytest

from tests.kpi_engine.api.conftest import listed
from tests.kpi_engine.api.privacy.conftest import HOMES, MARCH, PER_HOUR, of, refused, values

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


def test_months_of_the_city_and_of_its_groups_are_seen(evaluator: httpx.Client) -> None:
    (whole,) = values(evaluator)
    assert whole["value"] == pytest.approx(of(*PER_HOUR))
    (west,) = values(evaluator, group="west")
    assert west["value"] == pytest.approx(of(*(f"meter-{home}" for home in HOMES[:6])))


def test_a_single_household_is_not_seen_and_told_what_to_ask_instead(evaluator: httpx.Client) -> None:
    why = refused(evaluator, "/kpis/heat_delivered/values", city="village", site="home-1", **MARCH)
    assert "of the city or of a group of enough households" in why


def test_sites_without_households_are_seen_as_ever(evaluator: httpx.Client) -> None:
    (school,) = values(evaluator, site="school")
    assert school["value"] == pytest.approx(of("meter-school"))
    assert len(values(evaluator, site="school", period="day")) == 31


def test_of_all_sites_the_others_are_counted(evaluator: httpx.Client) -> None:
    answer = evaluator.get("/kpis/heat_delivered/values", params={"city": "village", "site": "*", **MARCH}).json()
    assert {one["site"] for one in answer["items"]} == {"school", "shed"}
    assert answer["withheld"] == len(HOMES)


def test_days_and_hours_of_households_are_not_seen(evaluator: httpx.Client) -> None:
    why = refused(evaluator, "/kpis/heat_delivered/values", city="village", group="west", period="day", **MARCH)
    assert "by months and years only" in why
    refused(evaluator, "/kpis/heat_delivered/hours", city="village", group="west", **{"from": "2026-03-01"})
    refused(evaluator, "/kpis/heat_delivered/values", city="village", period="day", **MARCH)


def test_a_month_that_goes_on_is_not_seen_since_it_would_tell_of_days(evaluator: httpx.Client) -> None:
    april = {"from": "2026-04-01", "to": "2026-05-01"}
    assert "goes on until" in refused(evaluator, "/kpis/heat_delivered/values", city="village", group="west", **april)


def test_what_was_known_before_is_not_seen(evaluator: httpx.Client) -> None:
    asked = {"city": "village", "group": "west", "as_of": "2026-04-09T00:00:00Z", **MARCH}
    answer = evaluator.get("/kpis/heat_delivered/values", params=asked)
    assert answer.status_code == 403 or answer.json()["items"] == []


def test_two_households_with_a_second_meter_are_not_seen_by_it(evaluator: httpx.Client, operator: httpx.Client) -> None:
    """Of enough households the heat is counted, but the final energy less the heat would be of two."""
    assert values(operator, "city_final_energy", period="month")
    why = refused(evaluator, "/kpis/city_final_energy/values", city="village", **MARCH)
    assert "fewer households" in why


def test_series_of_households_are_for_operators(
    evaluator: httpx.Client, operator: httpx.Client, village: "Towns"
) -> None:
    series = village.series("village", "meter-home-3", "heat_energy")
    for path in ("", "/observations", "/aggregates"):
        assert "are for operators" in refused(evaluator, f"/series/{series}{path}")
        assert operator.get(f"/series/{series}{path}").status_code == 200
    answer = evaluator.get("/series", params={"city": "village"}).json()
    assert {one["site"] for one in answer["items"]} == {"school", "shed"}
    assert answer["withheld"] == len(HOMES) + 2


def test_lineage_of_a_group_has_a_digest_in_place_of_what_households_sent(
    evaluator: httpx.Client, operator: httpx.Client
) -> None:
    (west,) = values(evaluator, group="west")
    path = f"/kpis/heat_delivered/values/{west['value_id']}/lineage"
    whole, shown = (
        operator.get(path).json(),
        evaluator.get(path, params={"complete": "true", "boundaries": "true"}).json(),
    )
    assert "home-1" in json.dumps(whole["inputs"])
    assert shown["inputs"] == {}
    assert shown["value"]["inputs_hash"] == whole["value"]["inputs_hash"]
    assert "are for operators" in shown["inputs_withheld"] or "is for operators" in shown["inputs_withheld"]


def test_lists_name_no_household(evaluator: httpx.Client) -> None:
    sites = evaluator.get("/cities/village/sites").json()
    assert ([one["name"] for one in sites["items"]], sites["withheld"]) == (["school", "shed"], len(HOMES))
    west, mixed = listed(evaluator, "/cities/village/groups")[::-1]
    assert (west["members"], west["withheld"]) == ([], 6)
    assert ([one["site"] for one in mixed["members"]], mixed["withheld"]) == (["school"], 6)


def test_a_table_to_take_home_leaves_households_out(evaluator: httpx.Client, operator: httpx.Client) -> None:
    asked = {"city": "village", "site": "*", "group": "*", "format": "parquet", **MARCH}
    found = pl.read_parquet(io.BytesIO(evaluator.get("/export/kpis", params=asked).content))
    assert set(found["site"].drop_nulls()) == {"school", "shed"}
    assert "west" in set(found["group"].drop_nulls())
    every = pl.read_parquet(io.BytesIO(operator.get("/export/kpis", params=asked).content))
    assert "home-1" in set(every["site"].drop_nulls())
