"""What the verticals answer to, simulated: the weather over the city, and what the grid emits for a kWh."""

from ingest.model.city.assets import City, Device
from simulators.device import Physics, SimulatedDevice, simulated
from simulators.environment.grid_signal import GridSignal, mix_of
from simulators.environment.weather_station import WeatherStation
from simulators.errors import SimulationError
from simulators.place import Place
from simulators.weather import Climate


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the city's weather stations and grid signals, under the sky that all its verticals share."""
    place = Place(city.timezone, climate, seed)
    return simulated(city, "environment", lambda device: _physics(city, device, place))


def _physics(city: City, device: Device, place: Place) -> Physics:
    if device.type == "weather_station":
        return WeatherStation(place)
    if device.type == "grid_signal":
        return GridSignal(mix_of(city.grid_zone), place)
    raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")
