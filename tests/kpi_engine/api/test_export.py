"""Tables over HTTP: the same numbers as the lists, for many at once, in the cities and roles that a token is for."""

import csv
import io
from collections.abc import Iterator

import httpx
import polars as pl
import pytest

from tests.kpi_engine.api.conftest import Towns, aggregates, listed

pytestmark = pytest.mark.integration

APRIL = {"from": "2026-04-01", "to": "2026-05-01"}


@pytest.fixture(scope="module")
def exporting(module_towns: Towns) -> Iterator[httpx.Client]:
    """Return a client of towns of which the harbour takes 1 kWh an hour, and the island 2 kWh every half an hour."""
    towns = module_towns
    towns.count(towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    towns.count(towns.series("island", "meter", "heat_energy"), "2026-03-31T13:00:00Z", 48, 4.0, 30)
    towns.settle()
    with towns.client() as client:
        yield client


def parquet(client: httpx.Client, path: str, **query: str) -> pl.DataFrame:
    answer = client.get(f"/export/{path}", params={"format": "parquet", **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "content-encoding" not in answer.headers  # it is compressed as it is
    return pl.read_parquet(io.BytesIO(answer.content))


def test_readings_of_every_city_are_those_of_the_lists_each_on_the_clocks_of_its_city(exporting: httpx.Client) -> None:
    found = parquet(exporting, "observations", **APRIL)
    assert found["city"].unique(maintain_order=True).to_list() == ["harbour", "island"]
    for (city, series), rows in found.group_by("city", "series_id", maintain_order=True):
        zone = {"harbour": "Europe/Copenhagen", "island": "Australia/Lord_Howe"}[str(city)]
        start = rows["time"].dt.convert_time_zone(zone)
        assert start.dt.replace_time_zone(None).to_list() == rows["local_time"].to_list()
        assert start[0].isoformat()[:10] == "2026-04-01"
        edges = {"from": rows["time"][0].isoformat(), "to": "2026-05-01T00:00:00Z", "limit": "10000"}
        expected = listed(exporting, f"/series/{series}/observations", **edges)
        assert rows["value"].to_list() == [one["value"] for one in expected]
        assert rows["quality"].unique().to_list() == ["measured"]


def test_readings_come_in_portions_without_one_twice_or_missing(
    exporting: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parquet(exporting, "observations", **APRIL)
    monkeypatch.setattr("kpi_engine.export.observations.ROWS_AT_ONCE", 7)
    assert parquet(exporting, "observations", **APRIL).equals(whole)


def test_buckets_are_those_of_the_lists(exporting: httpx.Client) -> None:
    found = parquet(exporting, "aggregates", interval="day", city="harbour", quantity="heat_energy", **APRIL)
    series = found["series_id"][0]
    expected = aggregates(exporting, series, "day", "2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z")
    assert found["label"].to_list()[:2] == ["2026-04-01", "2026-04-02"]
    for name in ("sum", "lower", "upper", "coverage", "count", "provisional"):
        assert found[name].to_list() == [one[name] for one in expected]


def test_figures_of_cities_and_their_sites_are_those_of_the_lists(exporting: httpx.Client) -> None:
    found = parquet(exporting, "kpis", city="harbour", site="*", **{"from": "2026-03-01", "to": "2026-05-01"})
    assert {"heat_delivered", "heat_emissions"} <= set(found["kpi"])
    city = found.filter(pl.col("kpi") == "heat_delivered", pl.col("site").is_null())
    edges = {"from": "2026-02-28T23:00:00Z", "to": "2026-04-30T22:00:00Z"}
    expected = listed(exporting, "/kpis/heat_delivered/values", city="harbour", **edges)
    assert city["label"].to_list() == ["2026-03", "2026-04"]
    for name in ("value", "lower", "upper", "status", "revision", "value_id", "inputs_hash"):
        assert city[name].to_list() == [one[name] for one in expected]
    assert "house" in set(found["site"])


def test_days_of_sites_are_computed_for_the_table_as_for_the_list(exporting: httpx.Client) -> None:
    query = {"kpi": "heat_delivered", "period": "day", "site": "house", "from": "2026-04-01", "to": "2026-04-03"}
    found = parquet(exporting, "kpis", city="harbour", **query).filter(pl.col("site") == "house")
    assert found["value"].to_list() == [24.0, 24.0]
    assert found["revision"].to_list() == [None, None]


def test_the_table_is_csv_unless_something_else_is_asked_for(exporting: httpx.Client) -> None:
    answer = exporting.get("/export/kpis", params={"kpi": "heat_delivered", "city": "harbour", **APRIL})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="kpis.csv"'
    names, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(names, row, strict=True))["label"] == "2026-04"
    other = exporting.get(
        "/export/kpis",
        params=APRIL,
        headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    assert other.content[:2] == b"PK"


def test_figures_as_known_on_a_day_are_those_of_its_start_by_the_clocks_of_each_city(exporting: httpx.Client) -> None:
    query = {"kpi": "heat_delivered", "city": "harbour", **APRIL}
    by_instant = parquet(exporting, "kpis", as_of="2100-01-01T23:00:00Z", **query)
    assert parquet(exporting, "kpis", as_of="2100-01-02", **query).equals(by_instant)
    assert len(by_instant) == 1
    assert len(parquet(exporting, "kpis", as_of="2020-01-01", **query)) == 0


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("kpis", {"from": "2026-05-01", "to": "2026-05-01"}, 422, "expected `from` to be earlier than `to`"),
        ("kpis", {"from": "2026-05-01", "to": "2026-06-01T00:00:00Z"}, 422, "expected a day where `from` is a day"),
        ("kpis", {"from": "May", "to": "June"}, 422, "expected a day of the city such as 2026-01-01"),
        ("kpis", {**APRIL, "kpi": "heat"}, 404, "no indicator is called 'heat'"),
        ("kpis", {**APRIL, "site": "nowhere"}, 422, "there are no figures of site nowhere"),
        ("observations", {**APRIL, "city": "atlantis"}, 404, "there is no city 'atlantis'"),
        ("observations", {**APRIL, "series": "4711"}, 422, "there is no series 4711"),
        ("kpis", {**APRIL, "period": "day", "site": "*", "as_of": "2026-04-10T00:00:00Z"}, 422, "are computed when"),
        ("aggregates", {**APRIL, "colour": "red"}, 422, "no such parameter"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    exporting: httpx.Client, path: str, query: dict[str, str], status: int, said: str
) -> None:
    answer = exporting.get(f"/export/{path}", params=query)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_a_token_takes_home_what_it_may_see_and_nothing_else(module_towns: Towns, exporting: httpx.Client) -> None:
    del exporting  # has filled the towns
    with module_towns.client("evaluator", ["island"]) as client:
        assert set(parquet(client, "observations", **APRIL)["city"]) == {"island"}
        assert client.get("/export/kpis", params={"city": "harbour", **APRIL}).status_code == 403
    with module_towns.client("integrator") as client:
        assert client.get("/export/kpis", params=APRIL).status_code == 403
    assert httpx.get(f"{module_towns.url}/api/v1/export/kpis", params=APRIL, timeout=120).status_code == 401
