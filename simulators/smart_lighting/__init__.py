"""Smart lighting, simulated: luminaires that their cabinets switch by the real sun and dim by the clock on the wall."""

from typing import Final

import numpy as np

from ingest.model.city.assets import City, Device
from ingest.model.time import SECOND
from simulators.device import Physics, SimulatedDevice, simulated
from simulators.errors import SimulationError
from simulators.noise import derive, uniform
from simulators.smart_lighting.lamp_hours import Programme
from simulators.smart_lighting.luminaires import Cabinet, Luminaire
from simulators.smart_lighting.streets import declared_power, street_of
from simulators.weather import Climate

PHOTOCELLS: Final = 90 * SECOND  # how far a cabinet's photocell is early or late at most
TOLERANCE: Final = 0.04  # of a luminaire's power


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the city's luminaires and cabinets; a luminaire follows the cabinet that it is ``submeter_of``."""
    lighting = _Lighting(city, climate, seed)
    return simulated(city, "smart_lighting", lighting.physics)


class _Lighting:
    """One city's programmes by cabinet (or by site, where a luminaire names no cabinet), and its luminaires by name."""

    def __init__(self, city: City, climate: Climate, seed: int) -> None:
        self._zone, self._climate, self._seed = city.timezone, climate, seed
        self.sites = {site.name: site for site in city.sites if site.vertical == "smart_lighting"}
        here = [device for device in city.devices if device.site in self.sites]
        self._cabinets = {device.name: device for device in here if device.type == "lighting_cabinet"}
        self._programmes: dict[str, Programme] = {}
        self._luminaires = {device.name: self._luminaire(device) for device in here if device.type == "luminaire"}
        self._fed_by = {name: [each.name for each in here if each.meter_above == name] for name in self._cabinets}

    def physics(self, device: Device) -> Physics:
        if device.type == "luminaire":
            return self._luminaires[device.name]
        if device.type == "lighting_cabinet":
            fed = [self._luminaires[name] for name in self._fed_by[device.name] if name in self._luminaires]
            return Cabinet.of(self._programme(device), fed)
        raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")

    def _luminaire(self, device: Device) -> Luminaire:
        cabinet = self._cabinets.get(device.meter_above or "", device)
        declared = declared_power(self.sites[device.site])
        usual = street_of(self.sites[cabinet.site], self._seed).rated_power
        spread = 1.0 + TOLERANCE * (2.0 * _chance(derive(self._seed, device.name, "power")) - 1.0)
        return Luminaire(self._programme(cabinet), (declared or usual) * spread)

    def _programme(self, device: Device) -> Programme:
        """Return what the cabinet does; a luminaire without one follows its site."""
        key = device.name if device.name in self._cabinets else device.site
        if key not in self._programmes:
            late = PHOTOCELLS * (2.0 * _chance(derive(self._seed, key, "photocell")) - 1.0)
            street = street_of(self.sites[device.site], self._seed)
            self._programmes[key] = Programme(street, self._zone, self._climate, self._seed, int(late))
        return self._programmes[key]


def _chance(seed: int) -> float:
    return float(uniform(seed, np.zeros(1, np.int64))[0])
