"""Which residual series a topology comes to."""

from typing import Any

from ingest.model.catalogue import Catalogue, Ids
from kpi_engine.residuals.declared import CARRIED, NETWORK, Residual, residuals
from tests import towns
from tests.towns import Declared, heat_meter

WATER = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")


def device(name: str, quantities: tuple[str, ...] = ("heat_energy",), **more: Any) -> Declared:  # noqa: ANN401 - as a file would
    """Return a heat meter of a city file, at a site of its own name unless ``site`` says otherwise."""
    return heat_meter(*quantities, name=name, **{"site": name, **more})


def plant(name: str) -> Declared:
    return device(name, type="heat_plant", direction="production")


def declared(*devices: Declared, serves: dict[str, list[str]] = {}) -> dict[tuple[str, str], Residual]:  # noqa: B006 - never changed
    """Return the residual series of a city of these devices, by device and quantity."""
    sites = {site: {"serves": serves.get(site, [])} for site in sorted({one["site"] for one in devices})}
    city = towns.city(*devices, name="town", sites=sites)
    series = [("town", one.name, each.quantity) for one in city.devices for each in one.series]
    ids = Ids(
        {("town", one.name): number for number, one in enumerate(city.devices, 1)},
        {key: number for number, key in enumerate(series, 1)},
    )
    return {(one.device, one.quantity): one for one in residuals(Catalogue([city], ids))}


def sides(one: Residual) -> set[tuple[str | None, str]]:
    return {(member.role, member.device) for member in one.members}


def test_each_main_meter_has_a_residual_of_its_own() -> None:
    found = declared(device("main"), device("floor", submeter_of="main"), device("flat", submeter_of="floor"))
    assert set(found) == {("main", "heat_meter_balance"), ("floor", "heat_meter_balance")}
    assert sides(found["main", "heat_meter_balance"]) == {("main", "main"), ("submeter", "floor")}


def test_a_network_is_listed_with_its_plant() -> None:
    found = declared(plant("plant"), device("a"), device("b"), serves={"plant": ["a", "b"]})
    assert set(found) == {("plant", NETWORK)}
    assert sides(found["plant", NETWORK]) == {("supplied", "plant"), ("delivered", "a"), ("delivered", "b")}


def test_plants_that_supply_something_in_common_are_balanced_together() -> None:
    serves = {"east": ["a"], "west": ["a"], "far": ["b"]}
    found = declared(plant("west"), plant("east"), plant("far"), device("a"), device("b"), serves=serves)
    assert set(found) == {("east", NETWORK), ("far", NETWORK)}
    assert sides(found["east", NETWORK]) == {("supplied", "east"), ("supplied", "west"), ("delivered", "a")}
    assert found["east", NETWORK].refusals == ()


def test_a_meter_that_reports_its_water_is_held_against_it() -> None:
    found = declared(device("whole", WATER), device("lacking", WATER[:3]))
    assert set(found) == {("whole", CARRIED)}
    assert {member.quantity for member in found["whole", CARRIED].members} == set(WATER)


def test_a_balance_that_cannot_be_drawn_up_says_why() -> None:
    found = declared({**plant("roof"), "site": "main"}, device("main"), device("flat", submeter_of="main"))
    assert "roof stands at the site of main" in str(found["main", "heat_meter_balance"].refusals)


def test_what_decides_the_values_is_in_the_definition() -> None:
    whole = device("main"), device("floor", submeter_of="main"), device("cellar", submeter_of="main")
    one, other = (declared(*devices)["main", "heat_meter_balance"] for devices in (whole, whole[:2]))
    assert one.definition != other.definition
    assert one.definition == declared(*whole)["main", "heat_meter_balance"].definition
