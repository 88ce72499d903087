"""Cities that tests are about: small ones, said by what stands in them, and those that come with Pharos, read once."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import deploy
from ingest.errors import CityFileError
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.city.salvage import Rule
from simulators.device import SimulatedDevice
from simulators.fleet import fleet

CITIES: Final = Path(deploy.__file__).parent / "cities"
COUNTRIES: Final = {
    "America/Los_Angeles": "US",
    "America/Santiago": "CL",
    "Asia/Kolkata": "IN",
    "Australia/Lord_Howe": "AU",
    "Europe/Copenhagen": "DK",
    "Europe/Oslo": "NO",
    "Europe/Tallinn": "EE",
}
VERTICALS: Final = {
    "charging_installation": "ev_charging",
    "charging_point": "ev_charging",
    "circulation_pump": "district_heating",
    "electricity_meter": "buildings",
    "grid_signal": "environment",
    "heat_meter": "district_heating",
    "heat_plant": "district_heating",
    "indoor_climate_sensor": "buildings",
    "lighting_cabinet": "smart_lighting",
    "luminaire": "smart_lighting",
    "photovoltaic_inverter": "buildings",
    "weather_station": "environment",
}

Declared = Mapping[str, Any]
NOTHING: Final[Declared] = MappingProxyType({})
USUAL_BASELINE: Final[Declared] = {
    "name": "heat",
    "option": "C",
    "boundary": "the whole school: all heat that its meter counts",
    "energy": {"indicator": "heat_delivered"},
    "temperature": {"device": "weather", "quantity": "outdoor_temperature"},
    "baseline_from": "2024-01-01",
    "baseline_to": "2025-01-01",
    "reporting_from": "2025-02-01",
}


def sending(quantity: str, **keys: object) -> Declared:
    """Return a series of this quantity, with further keys of the city file."""
    return {"quantity": quantity, **keys}


def fact(name: str, value: float, unit: str = "1", **keys: object) -> Declared:
    """Return a fact of a city or a site."""
    return {"name": name, "value": value, "unit": unit, "source": "test", **keys}


def device(name: str, kind: str, *quantities: str | Declared, every: str = "PT1H", **keys: object) -> Declared:
    """Return a device of type ``kind`` that sends these quantities, or series, and stands in the house."""
    declared = [sending(one) if isinstance(one, str) else one for one in quantities]
    return {"name": name, "site": "house", "type": kind, "expected_interval": every, **keys, "series": declared}


def meter(kind: str, *quantities: str | Declared, name: str, every: str = "PT1H", **keys: object) -> Declared:
    """Return a device that meters: what the house takes, and electricity unless its type says heat."""
    carrier = "heat" if kind.startswith("heat") else "electricity"
    return device(name, kind, *quantities, every=every, **{"carrier": carrier, "direction": "consumption", **keys})


def heat_meter(*quantities: str | Declared, name: str = "meter", every: str = "PT1H", **keys: object) -> Declared:
    """Return a meter of the heat that the house takes; of its energy where no quantity is given."""
    return meter("heat_meter", *(quantities or ("heat_energy",)), name=name, every=every, **keys)


def electricity_meter(
    *quantities: str | Declared, name: str = "meter", every: str = "PT1H", **keys: object
) -> Declared:
    """Return a meter of the electricity that the house takes; of its energy where no quantity is given."""
    return meter("electricity_meter", *(quantities or ("electricity_energy",)), name=name, every=every, **keys)


def charging_point(*quantities: str | Declared, name: str = "point", every: str = "PT1H", **keys: object) -> Declared:
    """Return a charging point at the quay; of its energy where no quantity is given."""
    declared = quantities or ("electricity_energy",)
    return meter("charging_point", *declared, name=name, every=every, **{"site": "quay", **keys})


def city_document(
    *devices: Declared,
    name: str = "harbour",
    zone: str = "Europe/Copenhagen",
    sites: Mapping[str, Declared] = NOTHING,
    **keys: object,
) -> Declared:
    """Return what a city file says: these devices at their sites, each of the vertical of its first device.

    ``sites`` are further keys of sites by name, such as their facts; ``keys`` are those of the city.
    """
    verticals = {one["site"]: VERTICALS[one["type"]] for one in reversed(devices)}
    names = dict.fromkeys([*(one["site"] for one in devices), *sites])
    declared = [{"name": site, "vertical": verticals.get(site), **sites.get(site, {})} for site in names]
    about = {"name": name, "title": name.capitalize(), "country": COUNTRIES[zone], "timezone": zone, "role": "network"}
    return {**about, **keys, "sites": declared, "devices": devices}


def town(*devices: Declared, **keys: Any) -> str:  # noqa: ANN401 - as ``city_document`` takes them
    """Return the text of such a city file."""
    return json.dumps(city_document(*devices, **keys), indent=1, default=dict)  # JSON is YAML


def city(*devices: Declared, **keys: Any) -> City:  # noqa: ANN401 - as ``city_document`` takes them
    """Return such a city."""
    return City.model_validate(city_document(*devices, **keys))


def wrong(text: str, rules: Sequence[Rule] = ()) -> list[str]:
    """Return what is wrong with a city file, each with its key; nothing where it is read."""
    try:
        city_file.parse(text, "harbour.yaml", rules)
    except CityFileError as error:
        return [f"{fault.key}: {fault.expected}" for fault in error.faults]
    return []


@cache
def shipped(name: str) -> City:
    """Return a city that comes with Pharos; they are large, nothing changes them, and one reading serves all tests."""
    return city_file.load(CITIES / f"{name}.yaml")


@cache
def simulated(name: str) -> tuple[SimulatedDevice, ...]:
    """Return the simulated devices of such a city, of seed 1; what they are asked changes nothing of them."""
    return tuple(fleet(shipped(name), seed=1))
