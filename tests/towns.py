"""Cities that tests are about: small ones, said by what stands in them, and those that come with Pharos, read once."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import deploy
from ingest.model.city import city_file
from ingest.model.city.assets import City
from simulators.device import SimulatedDevice
from simulators.fleet import fleet

CITIES: Final = Path(deploy.__file__).parent / "cities"
COUNTRIES: Final = {
    "Asia/Kolkata": "IN",
    "Australia/Lord_Howe": "AU",
    "Europe/Copenhagen": "DK",
    "Europe/Oslo": "NO",
    "Europe/Tallinn": "EE",
}
VERTICALS: Final = {
    "charging_point": "ev_charging",
    "electricity_meter": "buildings",
    "heat_meter": "district_heating",
    "indoor_climate_sensor": "buildings",
    "luminaire": "smart_lighting",
    "weather_station": "environment",
}

Declared = Mapping[str, Any]


def sending(quantity: str, **keys: object) -> Declared:
    """Return a series of this quantity, with further keys of the city file."""
    return {"quantity": quantity, **keys}


def device(name: str, kind: str, *quantities: str | Declared, every: str = "PT1H", **keys: object) -> Declared:
    """Return a device of type ``kind`` that sends these quantities, or series, and stands in the house."""
    declared = [sending(one) if isinstance(one, str) else one for one in quantities]
    return {"name": name, "site": "house", "type": kind, "expected_interval": every, **keys, "series": declared}


def heat_meter(*quantities: str | Declared, name: str = "meter", every: str = "PT1H", **keys: object) -> Declared:
    """Return a meter of heat; of its energy where no quantity is given."""
    return device(name, "heat_meter", *(quantities or ("heat_energy",)), every=every, **keys)


def electricity_meter(
    *quantities: str | Declared, name: str = "meter", every: str = "PT1H", **keys: object
) -> Declared:
    """Return a meter of the electricity that the house takes; of its energy where no quantity is given."""
    counted = {"carrier": "electricity", "direction": "consumption", **keys}
    return device(name, "electricity_meter", *(quantities or ("electricity_energy",)), every=every, **counted)


def town(*devices: Declared, name: str = "harbour", zone: str = "Europe/Copenhagen", **keys: object) -> str:
    """Return the text of a city file: these devices at their sites, each of the vertical of its devices.

    ``keys`` are further keys of the city, such as its facts.
    """
    verticals = {one["site"]: VERTICALS[one["type"]] for one in devices}
    about = {"name": name, "title": name.capitalize(), "country": COUNTRIES[zone], "timezone": zone, "role": "network"}
    sites = [{"name": site, "vertical": vertical} for site, vertical in verticals.items()]
    return json.dumps({**about, "sites": sites, "devices": devices, **keys}, indent=1)  # JSON is YAML


@cache
def shipped(name: str) -> City:
    """Return a city that comes with Pharos; they are large, nothing changes them, and one reading serves all tests."""
    return city_file.load(CITIES / f"{name}.yaml")


@cache
def simulated(name: str) -> tuple[SimulatedDevice, ...]:
    """Return the simulated devices of such a city, of seed 1; what they are asked changes nothing of them."""
    return tuple(fleet(shipped(name), seed=1))
