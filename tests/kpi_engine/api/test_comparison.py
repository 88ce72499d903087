"""Cities and groups side by side over HTTP, per inhabitant and area, in the cities that a token is for."""

from collections.abc import Iterator

import httpx
import pytest

from kpi_engine.statistics import store
from kpi_engine.statistics.given import GivenValue
from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

MARCH = {"from": "2026-03-01", "to": "2026-04-01", "period": "month"}
BOTH = {"city": ["island", "harbour"], **MARCH}


@pytest.fixture(scope="module")
def comparing(module_towns: Towns) -> Iterator[httpx.Client]:
    """Return a client of towns of which the harbour takes 1 kWh an hour in March, and the island 4 kWh."""
    towns = module_towns
    towns.count(towns.series("harbour", "meter", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24 + 13)
    towns.count(towns.series("island", "meter", "heat_energy"), "2026-02-28T13:00:00Z", 40 * 24 + 13, 4.0, 30)
    towns.settle()
    given = GivenValue.model_validate(
        {
            "city": "harbour", "statistic": "population", "value": 100, "unit": "1", "valid_from": "2026-01-01",
            "valid_to": "2027-01-01", "source": "register of inhabitants", "page": "3",
        }
    )  # fmt: skip
    store.give(towns.connection, towns.catalogue.cities, [("line 1", given)], lambda: towns.now)
    with towns.client() as client:
        yield client


def test_figures_stand_by_name_with_bounds_each_on_the_calendar_of_its_city(comparing: httpx.Client) -> None:
    answer = comparing.get("/kpis/heat_delivered/comparison", params=BOTH)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    harbour, island = found["figures"]
    assert (harbour["city"], harbour["label"], harbour["value"]) == ("harbour", "2026-03", 743.0)  # 23 h on one day
    assert (island["city"], island["start"]) == ("island", "2026-02-28T13:00:00Z")
    assert harbour["lower"] <= harbour["value"] <= harbour["upper"]
    assert found["cautions"] == []


def test_amounts_are_divided_by_inhabitants_where_somebody_states_them(comparing: httpx.Client) -> None:
    found = comparing.get("/kpis/heat_delivered/comparison", params={**BOTH, "per": "inhabitant"}).json()
    harbour, island = found["figures"]
    assert (harbour["value"], harbour["unit"]) == (7.43, "kWh/inhabitant")
    assert harbour["divisor"] == "population 100 (register of inhabitants)"
    assert (island["value"], island["status"]) == (None, "insufficient")
    assert "population" in island["reason"]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"city": "atlantis", **MARCH}, 404, "there is no city 'atlantis'"),
        ({"city": "harbour", "group": "quay", **MARCH}, 422, "expected a group as CITY/GROUP"),
        ({"city": "harbour", "group": "harbour/quay", **MARCH}, 422, "nothing is computed of harbour/quay"),
        ({"city": "harbour", "from": "2026-03-01", "to": "2026-03-01"}, 422, "expected `from` to be earlier"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_why(
    comparing: httpx.Client, query: dict[str, str], status: int, said: str
) -> None:
    answer = comparing.get("/kpis/heat_delivered/comparison", params=query)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_a_token_compares_what_it_may_see(module_towns: Towns, comparing: httpx.Client) -> None:
    del comparing  # has filled the towns
    with module_towns.client("evaluator", ["island"]) as client:
        assert client.get("/kpis/heat_delivered/comparison", params=BOTH).status_code == 403
