"""Who stands on which side of a balance, and what the city file has to say before there can be one."""

from datetime import date
from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.calendar import day_start
from ingest.model.catalogue import Series
from ingest.model.spans import FOREVER
from kpi_engine.boundary.balancing import balanced_meters
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.families.balance import MeterBalanceInputs, compute
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.balance import Balanced
from tests import towns
from tests.towns import Declared, meter

ZONE = "Europe/Copenhagen"
KINDS = {
    "electricity_meter": ("consumption", "electricity_energy"),
    "photovoltaic_inverter": ("production", "electricity_energy"),
    "heat_meter": ("consumption", "heat_energy"),
    "heat_plant": ("production", "heat_energy"),
}


def device(name: str, kind: str = "electricity_meter", **more: Any) -> Declared:  # noqa: ANN401 - as a file would
    """Return a device of a city file, at the site ``school`` unless ``site`` says otherwise."""
    direction, quantity = KINDS[kind]
    return {**meter(kind, quantity, name=name, site="school", direction=direction), **more}


def named(served: str | dict[str, str]) -> str:
    return served if isinstance(served, str) else served["site"]


def balance(kpi: str, *devices: Declared, site: str | None = None, serves: dict[str, list[Any]] = {}) -> MeterSet:  # noqa: B006 - never changed
    """Return the sides of a balance of a site, or of the city."""
    names = sorted(
        {one["site"] for one in devices} | set(serves) | {to for every in serves.values() for to in map(named, every)}
    )
    sites = {name: {"vertical": "buildings", "serves": serves.get(name, [])} for name in names}
    city = towns.city(*devices, name="town", zone=ZONE, sites=sites)
    own = [one for one in city.devices if site in {None, one.site}]
    series: dict[str, dict[str, Series]] = {one.name: {} for one in city.devices}
    for port in INDICATORS[kpi].ports:
        if isinstance(port, Balanced):
            return balanced_meters(Topology(city), own, series, port.balance, port.selection, port.sides)
    return counted_meters(Topology(city), own, series, INDICATORS[kpi].needs)


def sides(found: MeterSet) -> list[tuple[str | None, str]]:
    return [(entry.role, entry.name) for entry in found.entries]


def day(year: int) -> int:
    return day_start(date(year, 1, 1), ZONE)


def test_a_main_meter_stands_against_its_direct_submeters_wherever_they_are() -> None:
    found = balance(
        "electricity_meter_balance",
        device("main"),
        device("floor", submeter_of="main"),
        device("flat", submeter_of="floor", site="flats"),
        site="school",
    )
    assert sides(found) == [("main", "main"), ("submeter", "floor"), ("main", "floor"), ("submeter", "flat")]
    assert found.refused() is None


def test_a_meter_without_submeters_has_no_balance() -> None:
    assert balance("electricity_meter_balance", device("main"), device("other")).entries == ()


def test_what_produces_behind_a_main_meter_is_on_its_side() -> None:
    found = balance(
        "electricity_meter_balance",
        device("main"),
        device("kitchen", submeter_of="main"),
        device("roof", "photovoltaic_inverter", submeter_of="main"),
    )
    assert sides(found) == [("main", "main"), ("submeter", "kitchen"), ("production", "roof")]


def test_a_roof_of_which_nobody_says_where_it_feeds_in_is_refused_by_name() -> None:
    roof = device("roof", "photovoltaic_inverter")
    found = balance("electricity_meter_balance", device("main"), device("kitchen", submeter_of="main"), roof)
    assert found.refused() == (
        "roof stands at the site of main and is no submeter of any meter: whether what it produces is used behind main "
        "is not known (submeter_of)"
    )


def test_a_meter_of_what_is_fed_into_the_grid_is_on_no_side_and_leaves_nothing_open() -> None:
    feed_in = device("feed-in", direction="production")
    found = balance("electricity_meter_balance", device("main"), device("kitchen", submeter_of="main"), feed_in)
    assert sides(found) == [("main", "main"), ("submeter", "kitchen")]
    assert found.refused() is None


def test_a_main_meter_counts_while_one_of_its_submeters_is_valid() -> None:
    found = balance(
        "heat_meter_balance",
        device("main", "heat_meter", valid_to="2026-01-01"),
        device("flat", "heat_meter", submeter_of="main", valid_from="2024-01-01"),
        device("shop", "heat_meter", submeter_of="main", valid_from="2020-01-01", valid_to="2022-01-01"),
    )
    spans = [(entry.name, entry.valid_from, entry.valid_to) for entry in found.entries]
    assert spans == [
        ("main", day(2020), day(2022)),
        ("main", day(2024), day(2026)),
        ("flat", day(2024), day(2026)),
        ("shop", day(2020), day(2022)),
    ]


def test_meters_below_each_other_are_refused() -> None:
    found = balance(
        "heat_meter_balance", device("a", "heat_meter", submeter_of="b"), device("b", "heat_meter", submeter_of="a")
    )
    assert found.refused() == "a is below itself, so it is no main meter (submeter_of)"


SERVED = {"plant": ["network"], "network": ["block"], "block": ["house"]}
BOILER = device("boiler", "heat_plant", site="plant")
MAIN = device("main", "heat_meter", site="block")


@pytest.mark.parametrize("site", ["plant", None])
def test_a_plant_stands_against_the_topmost_meters_of_all_it_reaches(site: str | None) -> None:
    flat = device("flat", "heat_meter", site="house", submeter_of="main")
    found = balance("network_heat_loss_share", BOILER, MAIN, flat, site=site, serves=SERVED)
    assert sides(found) == [("supplied", "boiler"), ("delivered", "main")]
    assert [(entry.valid_from, entry.valid_to) for entry in found.entries] == [(-FOREVER, FOREVER)] * 2


def test_what_is_not_served_is_on_no_side() -> None:
    far = device("far", "heat_meter", site="elsewhere")
    found = balance("network_heat_loss_share", BOILER, MAIN, far, serves=SERVED)
    assert sides(found) == [("supplied", "boiler"), ("delivered", "main")]


def test_what_two_plants_supply_is_balanced_for_the_city_only() -> None:
    served = SERVED | {"peak": ["network"]}
    peak = device("peak-boiler", "heat_plant", site="peak")
    alone = balance("network_heat_loss_share", BOILER, peak, MAIN, site="plant", serves=served)
    assert alone.refused() == (
        "main can be supplied by boiler and by peak-boiler: how much by which is not known, and only the city as a "
        "whole can be balanced (serves)"
    )
    whole = balance("network_heat_loss_share", BOILER, peak, MAIN, serves=served)
    assert sides(whole) == [("supplied", "boiler"), ("supplied", "peak-boiler"), ("delivered", "main")]
    assert whole.refused() is None


@pytest.mark.parametrize("kpi", ["network_heat_loss_share", "heat_delivered"])
def test_heat_at_a_substation_and_at_its_building_is_refused_unless_one_is_the_others_submeter(kpi: str) -> None:
    flat = device("flat", "heat_meter", site="house")
    loose = balance(kpi, BOILER, MAIN, flat, serves=SERVED)
    assert loose.refused() == (
        "flat stands at house, which block serves, and is no submeter: whether its energy is part of what main counts "
        "is not known (submeter_of)"
    )
    assert balance(kpi, BOILER, MAIN, {**flat, "submeter_of": "main"}, serves=SERVED).refused() is None


def test_a_building_that_serves_heat_does_not_serve_electricity() -> None:
    served = {"school": ["house"]}
    lights = device("lights", site="house")
    heat = device("heat", "heat_meter", site="house")
    assert balance("city_final_energy", device("main"), lights, heat, serves=served).refused() is None
    assert "lights stands at house" in str(
        balance("city_final_energy", device("main"), lights, serves=served).refused()
    )


def test_a_site_without_a_plant_has_no_network_balance() -> None:
    assert balance("network_heat_loss_share", BOILER, MAIN, site="block", serves=SERVED) == MeterSet()


KWH = st.floats(min_value=0.0, max_value=1e9)
HOURS = st.lists(st.tuples(KWH, KWH, KWH), min_size=1, max_size=24)


def residual(main: float, produced: float, counted: float) -> float:
    def part(amount: float) -> list[dict[str, Any]]:
        return [{"meter": "m", "amount": amount, "seconds": 3600.0, "covered_seconds": 3600.0}]

    inputs = {"main_kwh": part(main), "production_kwh": part(produced), "submeters_kwh": part(counted)}
    found = compute(MeterBalanceInputs.model_validate(inputs)).value
    assert found is not None
    return found


@given(HOURS)
def test_residuals_of_hours_add_up_to_that_of_the_day(hours: list[tuple[float, float, float]]) -> None:
    whole = [fsum(column) for column in zip(*hours, strict=True)]
    parts = fsum(residual(*hour) for hour in hours)
    assert residual(*whole) == pytest.approx(parts, abs=1e-12 * (1.0 + fsum(whole)))


@given(KWH, KWH, KWH, KWH)
def test_what_all_meters_count_more_of_changes_no_residual(main: float, made: float, below: float, more: float) -> None:
    moved = residual(main + more, made, below + more)
    assert moved == pytest.approx(residual(main, made, below), abs=1e-12 * (1.0 + main + made + below + more))


def spans(found: MeterSet) -> list[tuple[str | None, str, int, int]]:
    return [(entry.role, entry.name, entry.valid_from, entry.valid_to) for entry in found.entries]


def test_a_submeter_that_moves_stands_on_the_side_of_each_meter_while_it_is_behind_it() -> None:
    above = [{"meter": "east", "valid_to": "2025-01-01"}, {"meter": "west", "valid_from": "2025-01-01"}]
    found = balance("electricity_meter_balance", device("east"), device("west"), device("shop", submeter_of=above))

    assert spans(found) == [
        ("main", "east", -FOREVER, day(2025)),
        ("submeter", "shop", -FOREVER, day(2025)),
        ("main", "west", day(2025), FOREVER),
        ("submeter", "shop", day(2025), FOREVER),
    ]


def test_a_building_that_joins_the_network_is_delivered_heat_from_that_day_on() -> None:
    serves = {"works": ["school", {"site": "flats", "valid_from": "2024-01-01"}]}
    found = balance(
        "network_heat_loss_share",
        device("boiler", "heat_plant", site="works"),
        device("heat", "heat_meter"),
        device("flat", "heat_meter", site="flats"),
        serves=serves,
    )

    assert spans(found) == [
        ("supplied", "boiler", -FOREVER, FOREVER),
        ("delivered", "heat", -FOREVER, FOREVER),
        ("delivered", "flat", day(2024), FOREVER),
    ]


def test_a_roof_that_is_declared_from_a_day_on_leaves_the_balance_open_before() -> None:
    roof = device("roof", "photovoltaic_inverter", submeter_of=[{"meter": "main", "valid_from": "2025-01-01"}])
    found = balance("electricity_meter_balance", device("main"), device("kitchen", submeter_of="main"), roof)

    assert "roof stands at the site of main" in (found.refused(day(2024), day(2025)) or "")
    assert found.refused(day(2025), day(2026)) is None


def test_a_building_that_a_second_plant_can_reach_from_a_day_on_is_no_balance_from_then_on() -> None:
    serves: dict[str, list[Any]] = {"works": ["flats"], "new": [{"site": "flats", "valid_from": "2025-01-01"}]}
    boiler, other = device("boiler", "heat_plant", site="works"), device("other", "heat_plant", site="new")
    flat = device("flat", "heat_meter", site="flats")
    found = balance("network_heat_loss_share", boiler, other, flat, site="works", serves=serves)

    assert found.refused(day(2024), day(2025)) is None
    assert "flat can be supplied by boiler and by other" in (found.refused(day(2025), day(2026)) or "")
