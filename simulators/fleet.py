"""All simulated devices of a city: each vertical has a package here that exports ``devices(city, climate, seed)``."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from ingest.model.city.assets import City
from simulators.device import Physics, Readings, SimulatedDevice
from simulators.errors import SimulationError
from simulators.noise import IntColumn
from simulators.weather import Climate

# Where a city does not state its facts ``latitude`` and ``longitude`` [deg]: southern Denmark.
_LATITUDE: Final = 54.9
_LONGITUDE: Final = 9.8

_ADDING_UP: Final = {"electricity_energy", "electricity_power"}


@dataclass(frozen=True)
class Behind:
    """A meter of electricity and the devices of other verticals behind it, such as a building's charging point."""

    meter: Physics
    behind: Sequence[Physics]

    def at(self, times: IntColumn) -> Readings:
        """Return what the meter counts: its own vertical's use plus that of the devices behind it."""
        readings, added = self.meter.at(times), [each.at(times) for each in self.behind]
        return {
            name: sum((each[name] for each in added), start=column) if name in _ADDING_UP else column
            for name, column in readings.items()
        }


def fleet(city: City, seed: int, verticals: Collection[str] = ()) -> list[SimulatedDevice]:
    """Return the devices of ``city`` (of ``verticals`` only, where any are named); none at all is a SimulationError."""
    declared = sorted({site.vertical for site in city.sites})
    chosen = [vertical for vertical in declared if not verticals or vertical in verticals]
    climate = Climate(_fact(city, "latitude", _LATITUDE), _fact(city, "longitude", _LONGITUDE))
    made = {vertical: _devices(vertical, city, climate, seed) for vertical in chosen}
    if not any(made.values()):
        raise SimulationError(
            f"city {city.name} has no device to simulate: expected devices in {', '.join(verticals or declared)}"
        )
    beyond = _crossing(city)
    for vertical in {behind for _, behind in beyond.values()} - made.keys():
        made[vertical] = _devices(vertical, city, climate, seed)
    everything = {device.name: device for devices in made.values() for device in devices}
    return [_with_submeters(device, beyond, everything) for vertical in chosen for device in made[vertical]]


def _devices(vertical: str, city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    package = f"simulators.{vertical}"
    if find_spec(package) is None:
        raise SimulationError(f"no simulator for vertical {vertical}: expected a package {package}")
    made: list[SimulatedDevice] = import_module(package).devices(city, climate, seed)
    return made


def _crossing(city: City) -> dict[str, tuple[str, str]]:
    """Return what is behind an electricity meter of another vertical: that meter's name, and the device's vertical."""
    verticals = {site.name: site.vertical for site in city.sites}
    devices = {device.name: device for device in city.devices}
    return {
        device.name: (meter.name, verticals[device.site])
        for device in city.devices
        if (meter := devices.get(device.meter_above or "")) is not None
        and verticals[meter.site] != verticals[device.site]
        and any(series.quantity in _ADDING_UP for series in device.series)
    }


def _with_submeters(
    device: SimulatedDevice, beyond: Mapping[str, tuple[str, str]], everything: Mapping[str, SimulatedDevice]
) -> SimulatedDevice:
    """Return ``device`` with what other verticals have behind it."""
    behind = [everything[name].physics for name, (meter, _) in beyond.items() if meter == device.name]
    return replace(device, physics=Behind(device.physics, behind)) if behind else device


def _fact(city: City, name: str, usual: float) -> float:
    return next((fact.value for fact in city.facts if fact.name == name), usual)
