"""Cities that tests are about: small ones, said by what stands in them, and those that come with Pharos, read once."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import deploy
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.verticals import VERTICALS
from simulators.device import SimulatedDevice
from simulators.fleet import fleet

CITIES: Final = Path(deploy.__file__).parent / "cities"
COUNTRIES: Final = {"Europe/Copenhagen": "DK", "Europe/Oslo": "NO", "Europe/Tallinn": "EE", "Asia/Kolkata": "IN"}

Declared = Mapping[str, Any]


def series(quantity: str, **keys: object) -> Declared:
    """Return a series of a device, with further keys of the city file."""
    return {"quantity": quantity, **keys}


def device(name: str, kind: str, *quantities: str | Declared, every: str = "PT1H", **keys: object) -> Declared:
    """Return a device of type ``kind`` that sends these quantities, or series, and stands in the house."""
    declared = [series(one) if isinstance(one, str) else one for one in quantities]
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
    """Return the text of a city file: these devices at their sites, each of the first vertical that knows its devices.

    ``keys`` are further keys of the city, such as its facts.
    """
    kinds: dict[str, list[str]] = {}
    for one in devices:
        kinds.setdefault(one["site"], []).append(one["type"])
    about = {"name": name, "title": name.title(), "country": COUNTRIES[zone], "timezone": zone, "role": "network"}
    sites = [{"name": site, "vertical": _vertical(found)} for site, found in kinds.items()]
    return json.dumps({**about, "sites": sites, "devices": devices, **keys}, indent=1)  # JSON is YAML


def _vertical(kinds: list[str]) -> str:
    return next(one.name for one in VERTICALS.values() if all(map(one.device_type, kinds)))


@cache
def shipped(name: str) -> City:
    """Return a city that comes with Pharos; they are large, nothing changes them, and one reading serves all tests."""
    return city_file.load(CITIES / f"{name}.yaml")


@cache
def simulated(name: str) -> tuple[SimulatedDevice, ...]:
    """Return the simulated devices of such a city, of seed 1; what they are asked changes nothing of them."""
    return tuple(fleet(shipped(name), seed=1))
