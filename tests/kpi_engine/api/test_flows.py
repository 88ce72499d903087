"""Flows of a city over HTTP: of figures, adding up, of whatever period is asked for, and closed off with households."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.towns import charging_point, electricity_meter, heat_meter, meter, town

if TYPE_CHECKING:
    import httpx

    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

MILLS: Final = town(
    meter("heat_plant", "heat_energy", name="boiler", site="boilerhouse", direction="production"),
    heat_meter(name="hall", site="hall"),
    electricity_meter(name="main", site="hall"),
    charging_point(name="point", site="quay", submeter_of="main"),
    meter("photovoltaic_inverter", "electricity_energy", name="roof", site="hall", direction="production"),
    name="mills",
    sites={"boilerhouse": {"serves": ["hall"]}, "hall": {"vertical": "buildings"}},
)
PER_HOUR: Final = {"boiler": 5.0, "hall": 4.0, "main": 3.0, "point": 1.0, "roof": 0.5}
ENERGY: Final = {"boiler": "heat_energy", "hall": "heat_energy"}
APRIL: Final = {"period": "month", "start": "2026-04-01"}


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns that these tests, which only look, share."""
    return module_towns


@pytest.fixture(scope="module", autouse=True)
def mills(towns: "Towns") -> None:
    """Let two mills use heat and electricity from March until now."""
    towns.add(MILLS)
    for name, per_hour in PER_HOUR.items():
        series = towns.series("mills", name, ENERGY.get(name, "electricity_energy"))
        towns.count(series, "2026-03-31T22:00:00Z", 9 * 24 + 14, per_hour)
    towns.settle()


def ask(client: "httpx.Client", **query: str) -> dict[str, Any]:
    answer = client.get("/cities/mills/flows", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def between(found: dict[str, Any], source: str, target: str) -> dict[str, Any]:
    [one] = [one for one in found["flows"] if (one["source"], one["target"]) == (source, target)]
    return dict(one)


def test_ribbons_are_what_the_figures_of_the_period_are_made_of(admin: "httpx.Client") -> None:
    found = ask(admin, **APRIL)
    figures = admin.get(
        "/kpis/heat_delivered/values", params={"city": "mills", "period": "month", "from": "2026-04-01"}
    )
    [delivered] = figures.json()["items"]

    used = between(found, "heat", "buildings")
    assert (used["value"], used["lower"], used["upper"]) == (
        delivered["value"],
        delivered["lower"],
        delivered["upper"],
    )
    assert [one["value_id"] for one in used["figures"]] == [delivered["value_id"]]
    assert (found["label"], found["through"]) == ("2026-04", delivered["through"])
    hours = used["value"] / PER_HOUR["hall"]
    assert between(found, "heat", "heat-unknown")["value"] == pytest.approx(hours)
    assert between(found, "electricity", "buildings")["value"] == pytest.approx(2.0 * hours)
    assert between(found, "electricity", "ev_charging")["value"] == pytest.approx(hours)
    assert between(found, "electricity", "electricity-unknown")["value"] == pytest.approx(0.5 * hours)


@pytest.mark.parametrize("period", ["day", "month", "year"])
def test_every_network_gives_what_it_gets_in_any_period(admin: "httpx.Client", period: str) -> None:
    found = ask(admin, period=period, start="2026-04-05")

    for node in (one for one in found["nodes"] if one["stage"] == "network"):
        into = [one["shown"] for one in found["flows"] if one["target"] == node["key"]]
        out = [one["shown"] for one in found["flows"] if one["source"] == node["key"]]
        steps = [round(sum(of) / found["resolution"]) for of in (into, out, [node["total"]])]
        assert steps[0] == steps[1] == steps[2] > 0


def test_a_period_without_figures_is_none_and_said(admin: "httpx.Client") -> None:
    answer = admin.get("/cities/mills/flows", params={"period": "month", "start": "2019-04-01"})
    assert answer.status_code == 404
    assert "there is no figure of 2019-04" in answer.json()["detail"]


def test_evaluators_see_all_of_a_city_without_households(towns: "Towns", admin: "httpx.Client") -> None:
    with towns.client("evaluator") as evaluator:
        assert ask(evaluator, **APRIL) == ask(admin, **APRIL)
