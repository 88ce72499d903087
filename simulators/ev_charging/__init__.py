"""EV charging, simulated: one charging point per EVSE, used as its kind of venue is."""

from ingest.model.city.assets import City, Device, Site
from simulators.device import SimulatedDevice, simulated
from simulators.errors import SimulationError
from simulators.ev_charging.charging_point import ChargingPoint
from simulators.ev_charging.venues import rated_power, venue_of
from simulators.ev_charging.visits import Habits
from simulators.noise import derive
from simulators.weather import Climate


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the city's charging points, under one sky; their sites decide who comes."""
    sites = {site.name: site for site in city.sites}
    return simulated(
        city, "ev_charging", lambda device: _charging_point(city, sites[device.site], device, climate, seed)
    )


def _charging_point(city: City, site: Site, device: Device, climate: Climate, seed: int) -> ChargingPoint:
    if device.type != "charging_point":
        raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")
    return ChargingPoint(
        Habits(
            venue=venue_of(site),
            rated_power=rated_power(site),
            zone=city.timezone,
            climate=climate,
            sky=seed,
            seed=derive(seed, device.name),
        )
    )
