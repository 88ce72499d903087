"""Statistics over HTTP: by city, site and name, as known then, page by page, and only of one's own cities."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ingest.model.time import from_micros
from kpi_engine.statistics import store
from kpi_engine.statistics.given import GivenValue
from tests.statistics import given

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

BILL = given("heat_bill", 900, "2026-01-01", "2026-02-01", city="harbour", site="house", lower=880)
BETTER = given("heat_bill", 0.95, "2026-01-01", "2026-02-01", city="harbour", site="house", unit="MWh", revision=2)
PEOPLE = given("population", 1000, "2025-01-01", city="harbour")
FOREIGN = given("population", 350, "2025-01-01", city="island")
SECOND = 1_000_000


def give(towns: "Towns", second: int, *values: GivenValue) -> None:
    placed = [(f"t.csv: row {row}", one) for row, one in enumerate(values, start=2)]
    store.give(towns.connection, towns.catalogue.cities, placed, lambda: second * SECOND)


@pytest.fixture
def filled(towns: "Towns") -> "Towns":
    give(towns, 1, BILL, PEOPLE, FOREIGN)
    give(towns, 2, BETTER)
    return towns


def items(client: httpx.Client, **asked: str | int) -> list[dict[str, Any]]:
    answer = client.get("/statistics", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_value_is_shown_as_it_was_given_with_its_source_and_what_it_is(filled: "Towns", admin: httpx.Client) -> None:
    (bill,) = items(admin, city="harbour", site="house", as_of=from_micros(SECOND).isoformat())
    del filled
    assert bill == {
        "number": 1,
        "statistic": "heat_bill",
        "title": "Heat by the bill",
        "kind": "flow",
        "city": "harbour",
        "site": "house",
        "valid_from": "2026-01-01",
        "valid_to": "2026-02-01",
        "value": 900,
        "lower": 880,
        "upper": None,
        "unit": "kWh",
        "calorific_basis": None,
        "source": "archive",
        "page": "p. 1",
        "revision": None,
        "note": "",
        "holds": True,
        "known_at": "1970-01-01T00:00:01Z",
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawn_for": None,
    }


def test_values_that_hold_are_listed_and_all_of_them_where_that_is_asked(filled: "Towns", admin: httpx.Client) -> None:
    assert [one["number"] for one in items(admin)] == [4, 3, 2]
    assert [one["value"] for one in items(admin, statistic="heat_bill", all="true")] == [0.95, 900]
    assert store.withdraw(filled.connection, 4, "B. Holm", "next door", lambda: 3 * SECOND)
    assert [one["value"] for one in items(admin, statistic="heat_bill")] == [900]
    assert items(admin, statistic="heat_bill", all="true")[0]["withdrawn_for"] == "next door"


def test_pages_lead_from_one_to_the_next_while_values_are_given(filled: "Towns", admin: httpx.Client) -> None:
    first = admin.get("/statistics", params={"limit": 2}).json()
    give(filled, 3, given("households", 80, "2025-01-01", city="harbour", site=None))
    rest = admin.get("/statistics", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["number"] for one in (*first["items"], *rest["items"])] == [4, 3, 2]
    assert rest["next_cursor"] is None
    foreign = admin.get("/statistics", params={"limit": 2, "city": "harbour", "cursor": first["next_cursor"]})
    assert foreign.status_code == 422


def test_a_token_of_one_city_sees_nothing_of_another(filled: "Towns") -> None:
    with filled.client("evaluator", ["island"]) as client:
        assert [one["city"] for one in items(client)] == ["island"]
        assert client.get("/statistics", params={"city": "harbour"}).status_code == 403
    with filled.client("integrator") as client:
        assert client.get("/statistics").status_code == 403


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"statistic": "populaton"}, 422, "did you mean population?"),
        ({"site": "house"}, 422, "expected `city` as well"),
        ({"city": "harbour", "site": "hut"}, 404, "there is no site 'hut' in harbour"),
        ({"city": "atlantis"}, 404, "atlantis"),
        ({"as-of": "2026-01-01T00:00:00Z"}, 422, "did you mean as_of?"),
    ],
)
def test_what_does_not_exist_is_told(admin: httpx.Client, asked: dict[str, str], status: int, said: str) -> None:
    refused = admin.get("/statistics", params=asked)
    assert refused.status_code == status
    assert said in refused.text
