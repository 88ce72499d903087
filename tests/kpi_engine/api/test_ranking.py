"""Sites ranked over HTTP: in which order, of which moment, and within whose scope."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.kpi_engine.api.conftest import listed
from tests.towns import heat_meter, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

RANKING: Final = "/kpis/heat_delivered/ranking"
ROW: Final = town(*(heat_meter(name=f"meter-{site}", site=site) for site in ("left", "middle", "right")), name="row")
MARCH: Final = {"city": "row", "period": "month", "start": "2026-03-17T12:00:00Z"}


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns that these tests, which only look, share."""
    return module_towns


@pytest.fixture(scope="module")
def row(towns: "Towns") -> "Towns":
    """Return three houses of which two took heat in March, the middle one more than the right one."""
    towns.add(ROW)
    for site, per_hour in (("middle", 3.0), ("right", 2.0)):
        towns.count(towns.series("row", f"meter-{site}", "heat_energy"), "2026-02-28T23:00:00Z", 40 * 24, per_hour)
    towns.count(towns.series("row", "meter-left", "heat_energy"), "2026-02-28T23:00:00Z", 10 * 24, 9.0)
    towns.settle()
    return towns


def ask(client: "httpx.Client", **query: str) -> list[dict[str, Any]]:
    return listed(client, RANKING, **{**MARCH, **query})


@pytest.mark.usefixtures("row")
def test_sites_stand_in_order_and_one_without_a_value_is_last_with_its_bounds(admin: "httpx.Client") -> None:
    middle, right, left = ask(admin)

    assert [one["figure"]["site"] for one in (middle, right, left)] == ["middle", "right", "left"]
    assert [one["rank"] for one in (middle, right, left)] == [1, 2, None]
    assert right["figure"]["value"] == pytest.approx(2.0 * 743)
    assert left["figure"]["status"] == "insufficient"
    assert (middle["best_rank"], middle["worst_rank"]) == (1, 2)  # the silent house may have gone on as it began
    assert (left["best_rank"], left["worst_rank"]) == (1, 2)  # in ten days it counted more than the right one did
    assert [one["figure"]["site"] for one in ask(admin, order="smallest")] == ["right", "middle", "left"]


@pytest.mark.usefixtures("row")
def test_a_ranking_is_of_one_moment_and_one_period(admin: "httpx.Client") -> None:
    assert ask(admin, as_of="2026-03-01T00:00:00Z") == []
    assert ask(admin, start="2025-03-17T12:00:00Z") == []


@pytest.mark.usefixtures("row")
def test_what_cannot_be_ranked_is_refused(row: "Towns", admin: "httpx.Client") -> None:
    of_city = admin.get("/kpis/city_final_energy/ranking", params=MARCH)
    assert of_city.status_code == 404
    assert "city_final_energy is a figure of a city alone" in of_city.json()["detail"]
    assert admin.get(RANKING, params={"city": "row"}).status_code == 422
    assert admin.get(RANKING, params={**MARCH, "city": "atlantis"}).status_code == 404
    with row.client("evaluator", ["harbour"]) as elsewhere:
        assert elsewhere.get(RANKING, params=MARCH).status_code in {403, 404}
