"""Other figures as inputs: whose they are, of which time, and which of them no figure can be made of."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from ingest.errors import ExtensionError
from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.spans import ALWAYS
from ingest.model.time import to_micros
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS, LEVELS, quantities_of
from kpi_engine.ports.levels_of_figures import levels
from kpi_engine.ports.metric import BoundMetric, Metric, MetricPeriod, Relation, single
from kpi_engine.ports.port import PortScope
from tests import towns
from tests.towns import fact

ZONE: Final = "Europe/Copenhagen"
SITES: Final = {
    "works": {
        "vertical": "district_heating",
        "serves": [{"site": "north", "valid_to": "2026-03-11"}, {"site": "south"}],
    },
    "spare": {"vertical": "district_heating", "serves": [{"site": "north", "valid_from": "2026-03-11"}]},
    "north": {"vertical": "buildings"},
    "south": {"vertical": "buildings"},
}
CITY: Final = towns.city(name="town", sites=SITES, facts=[fact("baseline_year", 2018)])
WORKS: Final = ("town", "works", None)


def at(text: str) -> int:
    return to_micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


def bound(port: Metric, site: str | None = None, city: City = CITY) -> BoundMetric:
    return port.bind(PortScope(city, site, Topology(city), (), {}))


def test_a_site_takes_the_figure_of_the_network_that_serves_it() -> None:
    port = Metric("heat_network_emission_factor", Relation.NETWORK)
    south = bound(port, "south")
    march = at("2026-03-01"), at("2026-04-01")

    assert [owner for owner, _ in south.owners] == [WORKS]
    assert [key.site for key in south.keys(*march)] == ["works"]  # type: ignore[attr-defined]
    assert [owner for owner, _ in bound(port).owners] == [("town", None, None)]
    assert bound(port, "works").lacks


def test_a_site_whose_network_changes_within_the_period_has_no_figure_of_it_and_is_told_why() -> None:
    port = Metric("heat_network_emission_factor", Relation.NETWORK)
    north = bound(port, "north")
    found = single(north.given(at("2026-03-01"), at("2026-04-01"), {}))

    assert found.value is None
    assert "it is served by town works, town spare" in str(found.reason)
    assert str(found.reason).endswith("expected one network all the time")
    assert [key.site for key in north.keys(at("2026-04-01"), at("2026-05-01"))] == ["spare"]  # type: ignore[attr-defined]


def test_plants_of_one_network_have_its_figure_together() -> None:
    """Of the city where it has no other plants, else of a group that has them all, else of nobody."""
    port = bound(Metric("heat_network_emission_factor", Relation.NETWORK), "north")
    kpi, plants = {"heat_network_emission_factor"}, [("town", site, None) for site in ("works", "spare")]
    having = dict.fromkeys((*plants, ("town", None, None)), kpi)
    elsewhere = {**having, ("town", "mill", None): kpi}
    port = replace(port, producing=frozenset({"works", "spare", "mill"}))
    grouped = replace(port, groups={"heat": frozenset({"works", "spare", "north"}), "few": frozenset({"works"})})

    assert port.among(having).owners == ((("town", None, None), (ALWAYS,)),)
    assert [owner for owner, _ in port.among(elsewhere).owners] == plants
    together = grouped.among({**elsewhere, ("town", None, "heat"): kpi, ("town", None, "few"): kpi})
    assert together.owners == ((("town", None, "heat"), (ALWAYS,)),)


def test_a_city_takes_the_figures_of_its_sites_that_have_one() -> None:
    port = bound(Metric("heat_peak_load", Relation.SITES))
    having = {("town", site, None): {"heat_peak_load"} for site in ("north", "south")}

    assert [owner[1] for owner, _ in port.among(having).owners] == ["north", "south"]
    assert port.among({}).lacks
    assert bound(Metric("heat_peak_load", Relation.SITES), "north").lacks


def test_the_last_twelve_months_end_with_the_month_of_the_figure() -> None:
    port = bound(Metric("city_emissions", period=MetricPeriod.LAST_TWELVE_MONTHS))
    day = at("2026-03-10"), at("2026-03-11")

    assert port.span(*day) == (at("2025-04-01"), day[1])
    assert [start for _, start in port.rests_on(Period.DAY, *day)][::11] == [at("2026-03-01"), at("2025-04-01")]
    assert port.touches(Period.MONTH, at("2025-04-01"), at("2025-05-01")) == (
        (at("2025-04-01"), at("2026-04-01")),
        None,
    )
    assert port.touches(Period.DAY, *day) is None


def test_the_baseline_year_is_that_of_the_city_file() -> None:
    port = bound(Metric("city_emissions", period=MetricPeriod.BASELINE_YEAR))
    year = at("2018-01-01"), at("2019-01-01")

    assert port.span(at("2026-01-01"), at("2027-01-01")) == year
    assert port.touches(Period.YEAR, *year) is not None
    assert port.touches(Period.YEAR, at("2019-01-01"), at("2020-01-01")) is None
    nameless = towns.city(name="town", sites=SITES)
    assert bound(Metric("city_emissions", period=MetricPeriod.BASELINE_YEAR), city=nameless).lacks


def taking(one: str, *ports: Metric, **changes: Any) -> Indicator[Any]:  # noqa: ANN401 - of an indicator
    return replace(INDICATORS["city_final_energy"], name=one, ports=ports, **changes)


def test_every_indicator_takes_figures_of_those_before_it_only() -> None:
    found = levels({"c": taking("c", Metric("b")), "a": taking("a"), "b": taking("b", Metric("a"))})

    assert found == (frozenset("a"), frozenset("b"), frozenset("c"))
    assert sum(map(len, LEVELS)) == len(INDICATORS)


def test_what_a_figure_reads_that_is_taken_is_told_of_what_takes_it() -> None:
    assert quantities_of(INDICATORS["city_emissions_per_capita"]) == ("heat_energy", "electricity_energy")


@pytest.mark.parametrize(
    ("indicators", "told"),
    [
        ([taking("a", Metric("b")), taking("b", Metric("a"))], "a takes b takes a: no figure can be made of itself"),
        ([taking("a", Metric("x"))], "a takes figures of x, and no indicator has this name; known are a"),
        (
            [taking("a", Metric("b")), taking("b", closed_only=True)],
            "a takes figures of b, which has none before its period has ended",
        ),
        (
            [taking("a", Metric("b")), taking("b", periods=(Period.YEAR,))],
            "a takes figures of b, which has none of a day, month",
        ),
        (
            [taking("a", Metric("b", Relation.SITES)), taking("b")],
            "a takes figures of b of sites, whose days are not kept",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_at_the_start(indicators: list[Indicator[Any]], told: str) -> None:
    with pytest.raises(ExtensionError, match=told):
        levels({one.name: one for one in indicators})


def test_days_and_the_week_before_are_those_of_the_clock_and_a_day_moves_the_week_that_follows() -> None:
    """On 29 March 2026 the clocks go forward: the week before 1 April has an hour less."""
    port = bound(Metric("outdoor_mean_temperature", Relation.CITY, MetricPeriod.DAYS_AND_WEEK_BEFORE), "north")
    spans = port.spans(at("2026-04-01"), at("2026-04-03"))
    assert spans[0] == (at("2026-03-25"), at("2026-03-26"))
    assert spans[-1] == (at("2026-04-02"), at("2026-04-03"))
    assert len(spans) == 9
    first = next(port.rests_on(Period.MONTH, at("2026-04-01"), at("2026-04-03")))
    assert first == (Period.DAY, at("2026-03-25"))
    day = at("2026-03-25"), at("2026-03-26")
    assert port.touches(Period.DAY, *day) == ((day[0], at("2026-04-02")), None)
    assert port.touches(Period.MONTH, at("2026-03-01"), at("2026-04-01")) is None
