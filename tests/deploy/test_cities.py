"""The city files that come with Pharos: what every one of them promises, and what a demonstration city is.

A demonstration city has at least 300 devices over all four verticals, one heat network and what is measured of the air.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from deploy.cli import check
from ingest.model.city import city_file
from ingest.model.city.assets import City, Device, Fact
from ingest.model.city.facts import FACTS, value_at
from ingest.model.verticals import VERTICALS
from processors.storage.database import connect
from processors.storage.registry import registry
from tests import towns
from tests.factors import shipped

CITIES = Path(check.__file__).parents[1] / "cities"
FILES = sorted(CITIES.glob("*.yaml"))
DEMONSTRATIONS = [CITIES / f"{name}.yaml" for name in ("sonderborg", "tartu", "vitoria-gasteiz")]
HISTORY_STEP = timedelta(minutes=15)
DAY = date(2026, 1, 1)


def load(path: Path) -> City:
    return towns.shipped(path.stem)


every_city = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
demonstration = pytest.mark.parametrize("path", DEMONSTRATIONS, ids=lambda path: path.stem)


def facts(city: City) -> Iterable[Fact]:
    yield from city.facts
    for site in city.sites:
        yield from site.facts


def named(city: City) -> dict[str, Device]:
    return {device.name: device for device in city.devices}


def of_type(city: City, device_type: str) -> list[Device]:
    return [device for device in city.devices if device.type == device_type]


def test_every_city_has_a_name_of_its_own() -> None:
    cities = city_file.distinct(FILES, [load(path) for path in FILES])
    assert {path.stem for path in DEMONSTRATIONS} < {city.name for city in cities}


@every_city
def test_every_fact_says_where_it_is_from_and_a_known_name_has_its_unit(path: Path) -> None:
    for fact in facts(load(path)):
        assert fact.source.strip(), fact
        assert fact.name not in FACTS or fact.unit == FACTS[fact.name].unit


@every_city
def test_a_history_of_a_reading_every_15_minutes_counts_as_measured(path: Path) -> None:
    for device in load(path).devices:
        for series in device.series:
            max_gap = series.max_gap or 3 * device.expected_interval.duration
            assert max_gap >= 2 * HISTORY_STEP, (device.name, series.quantity)


@demonstration
def test_a_demonstration_city_has_300_devices_over_all_verticals(path: Path) -> None:
    city = load(path)
    sites = {site.name: site.vertical for site in city.sites}
    assert len(city.devices) >= 300
    assert {sites[device.site] for device in city.devices} == set(VERTICALS)


@demonstration
def test_a_demonstration_city_has_enough_of_everything_to_show(path: Path) -> None:
    counts = Counter(device.type for device in load(path).devices)
    least = {
        "heat_plant": 1,
        "heat_meter": 60,
        "charging_point": 60,
        "luminaire": 90,
        "lighting_cabinet": 5,
        "electricity_meter": 20,
        "photovoltaic_inverter": 5,
        "indoor_climate_sensor": 60,
        "weather_station": 1,
        "grid_signal": 1,
    }
    assert {kind: counts[kind] for kind, count in least.items() if counts[kind] < count} == {}


@demonstration
def test_every_luminaire_is_a_submeter_of_a_cabinet_of_its_site_and_counted_as_a_light_point(path: Path) -> None:
    city = load(path)
    devices = named(city)
    for luminaire in of_type(city, "luminaire"):
        cabinet = devices[luminaire.meter_above or ""]
        assert (cabinet.type, cabinet.site) == ("lighting_cabinet", luminaire.site)
    per_site = Counter(luminaire.site for luminaire in of_type(city, "luminaire"))
    declared = {site.name: value_at(site.facts, "light_points", DAY) for site in city.sites if site.name in per_site}
    assert {name: fact.value for name, fact in declared.items() if fact} == per_site


@demonstration
def test_every_energy_meter_has_its_carrier_and_direction_and_only_inverters_plants_and_feed_in_produce(
    path: Path,
) -> None:
    city = load(path)
    for device in city.devices:
        metering = any(series.quantity in ("heat_energy", "electricity_energy") for series in device.series)
        assert (device.carrier is not None) == metering, device.name
    producing = [device for device in city.devices if device.direction == "production"]
    assert {one.type for one in producing} - {"electricity_meter"} == {"heat_plant", "photovoltaic_inverter"}
    roofs = {one.site for one in producing if one.type == "photovoltaic_inverter"}
    assert {one.site for one in producing if one.type == "electricity_meter"} <= roofs


@demonstration
def test_heat_reaches_every_heat_meter_from_the_plant(path: Path) -> None:
    city = load(path)
    serves = {site.name: site.served for site in city.sites}
    (plant,) = of_type(city, "heat_plant")
    reached, ahead = {plant.site}, [plant.site]
    while ahead:
        found = set(serves[ahead.pop()]) - reached
        reached |= found
        ahead += sorted(found)
    assert {meter.site for meter in of_type(city, "heat_meter")} <= reached


@demonstration
def test_a_meter_behind_another_one_stands_where_that_one_serves(path: Path) -> None:
    city = load(path)
    devices, serves = named(city), {site.name: site.served for site in city.sites}
    for device in city.devices:
        if device.meter_above is not None:
            meter = devices[device.meter_above]
            assert device.site in (meter.site, *serves[meter.site]), device.name
    kinds = {(device.type, devices[device.meter_above].type) for device in city.devices if device.meter_above}
    assert {("charging_point", "electricity_meter"), ("heat_meter", "heat_meter")} <= kinds


@demonstration
def test_sites_state_what_their_figures_are_divided_by(path: Path) -> None:
    city = load(path)
    needed = {
        "heat_meter": "heated_area",
        "electricity_meter": "floor_area",
        "photovoltaic_inverter": "photovoltaic_capacity",
        "charging_point": "rated_power",
        "luminaire": "street_length",
    }
    sites = {site.name: site for site in city.sites}
    for device in city.devices:
        if (name := needed.get(device.type)) is not None:
            assert value_at(sites[device.site].facts, name, DAY) is not None, (device.site, name)
    assert any(value_at(site.facts, "trench_length", DAY) for site in city.sites)


@demonstration
def test_the_place_is_real_and_the_boundary_is_a_part_of_it(path: Path) -> None:
    city = load(path)
    named_facts = {name: value_at(city.facts, name, DAY) for name in ("latitude", "longitude", "population")}
    assert all(fact is not None and fact.source != "simulated" for fact in named_facts.values())
    population, metered = (value_at(city.facts, name, DAY) for name in ("population", "metered_population"))
    assert population is not None
    assert metered is not None
    assert metered.value < population.value
    assert city.grid_zone is not None


@demonstration
def test_emissions_have_an_annual_factor_and_an_hourly_series_for_each_carrier(path: Path) -> None:
    city = load(path)
    assert set(city.factors) == set(city.factor_series) == {"heat", "electricity"}
    for carrier, (chosen,) in city.factors.items():
        assert any(
            factor.holds_on(DAY) for factor in shipped() if (factor.name, factor.carrier) == (chosen.factor, carrier)
        )
    electricity = city.factor_series["electricity"]
    assert (electricity.device, electricity.quantity) == ("grid", "grid_emission_factor")


@demonstration
@pytest.mark.integration
def test_the_database_keeps_a_city_whole_with_its_topology_and_every_series_has_an_id(
    path: Path, database_url: str
) -> None:
    city = load(path)
    with connect(database_url, "test") as connection:
        registry.sync(connection, [city])
        loaded = registry.load(connection)
    assert loaded.cities[city.name] == city
    assert len(loaded.series) == sum(len(device.series) for device in city.devices)
