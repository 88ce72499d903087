"""Residual series over HTTP: listed with what they are made of, read as any other series, and never partial."""

from typing import TYPE_CHECKING, Any

import pytest

from kpi_engine.engine.engine import Engine
from tests.towns import heat_meter, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

MILL = town(
    heat_meter(name="main", site="mill"),
    heat_meter(name="loft", site="mill", submeter_of="main", valid_from="2026-01-01"),
    name="mill",
    sites={"mill": {"vertical": "buildings"}},
)
DAY = {"from": "2026-04-08T22:00:00Z", "to": "2026-04-09T22:00:00Z"}


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns that these tests, which only look, share."""
    return module_towns


@pytest.fixture(scope="module")
def residual(towns: "Towns") -> dict[str, Any]:
    """Return the residual of a mill whose loft is silent from noon on."""
    towns.add(MILL)
    main, loft = (towns.series("mill", name, "heat_energy") for name in ("main", "loft"))
    towns.count(main, "2026-04-08T22:00:00Z", 36, per_hour=5.0)
    towns.count(loft, "2026-04-08T22:00:00Z", 12, per_hour=4.0)
    towns.settle()
    engine = Engine(towns.connection)
    engine.step(towns.now)
    while engine.residuals(towns.now).spans:
        pass
    with towns.client() as client:
        [found] = client.get("/series", params={"city": "mill", "quantity": "heat_meter_balance"}).json()["items"]
    return dict(found)


def ask(client: "httpx.Client", residual: dict[str, Any], interval: str) -> list[dict[str, Any]]:
    answer = client.get(f"/series/{residual['series_id']}/aggregates", params={"interval": interval, **DAY})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_it_is_listed_with_what_it_is_made_of(residual: dict[str, Any], admin: "httpx.Client") -> None:
    assert (residual["device"], residual["kind"], residual["unit"]) == ("main", "residual", "kWh")
    assert {(one["device"], one["role"], one["valid_from"]) for one in residual["derived_from"]} == {
        ("loft", "submeter", "2025-12-31T23:00:00Z"),
        ("main", "main", "2025-12-31T23:00:00Z"),
    }
    assert admin.get(f"/series/{residual['series_id']}").json() == residual


def test_an_hour_has_what_it_is_a_part_of_and_one_that_is_not_known_says_why(
    residual: dict[str, Any], admin: "httpx.Client"
) -> None:
    items = ask(admin, residual, "hour")
    assert len(items) == 24
    assert items[11] == {
        "start": "2026-04-09T09:00:00Z",
        "end": "2026-04-09T10:00:00Z",
        "sum": 1.0,
        "reference": 5.0,
        "share": 0.2,
        "estimated_share": 0.0,
        "reason": None,
        "provisional": False,
    }
    assert (items[12]["sum"], items[12]["reason"]) == (None, "not known from edge to edge: loft")


@pytest.mark.parametrize("interval", ["day", "month", "year"])
def test_a_longer_bucket_is_never_partial(residual: dict[str, Any], admin: "httpx.Client", interval: str) -> None:
    [item] = ask(admin, residual, interval)
    assert item["sum"] is None
    assert item["reason"].startswith("not known from edge to edge: ")


def test_what_it_does_not_have_is_refused_in_words(residual: dict[str, Any], admin: "httpx.Client") -> None:
    readings = admin.get(f"/series/{residual['series_id']}/observations")
    quarters = admin.get(f"/series/{residual['series_id']}/aggregates", params={"interval": "15min", **DAY})
    assert (readings.status_code, quarters.status_code) == (404, 422)
    assert "computed from others" in readings.text
    assert "no shorter buckets" in quarters.text
