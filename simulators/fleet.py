"""All simulated devices of a city: each vertical has a package here that exports ``devices(city, climate, seed)``."""

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from ingest.model.assets import City
from simulators.device import SimulatedDevice
from simulators.errors import SimulationError
from simulators.weather import Climate

# Where a city does not state its facts ``latitude`` and ``longitude`` [deg]: southern Denmark.
_LATITUDE: Final = 54.9
_LONGITUDE: Final = 9.8


def fleet(city: City, seed: int, verticals: Collection[str] = ()) -> list[SimulatedDevice]:
    """Return the devices of ``city`` (of ``verticals`` only, where any are named); none at all is a SimulationError."""
    declared = sorted({site.vertical for site in city.sites})
    chosen = [vertical for vertical in declared if not verticals or vertical in verticals]
    climate = Climate(_fact(city, "latitude", _LATITUDE), _fact(city, "longitude", _LONGITUDE))
    devices = [device for vertical in chosen for device in _devices(vertical, city, climate, seed)]
    if not devices:
        raise SimulationError(
            f"city {city.name} has no device to simulate: expected devices in {', '.join(verticals or declared)}"
        )
    return devices


def _devices(vertical: str, city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    package = f"simulators.{vertical}"
    if find_spec(package) is None:
        raise SimulationError(f"no simulator for vertical {vertical}: expected a package {package}")
    made: list[SimulatedDevice] = import_module(package).devices(city, climate, seed)
    return made


def _fact(city: City, name: str, usual: float) -> float:
    return next((fact.value for fact in city.facts if fact.name == name), usual)
