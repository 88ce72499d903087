"""District heating, simulated: substations, the plant that feeds them, and the weather that drives both."""

from dataclasses import dataclass

from ingest.model.assets import City, Device, Site
from simulators.device import Physics, Readings, SimulatedDevice, simulated
from simulators.district_heating.buildings import heated_area, kind_of
from simulators.district_heating.heat_load import Building
from simulators.district_heating.plant import HeatPlant
from simulators.district_heating.substation import Substation
from simulators.errors import SimulationError
from simulators.noise import IntColumn, derive
from simulators.weather import Climate, outdoor_temperature

PIPE_LOSS = 0.018  # kW per metre of trench
BASE_SHARE = 0.45  # of the sum of design loads: what the base-load plant is sized for


@dataclass(frozen=True)
class WeatherStation:
    """A thermometer in the shade."""

    climate: Climate
    sky: int

    def at(self, times: IntColumn) -> Readings:
        """Return the outdoor temperature at ``times``."""
        return {"outdoor_temperature": outdoor_temperature(self.sky, self.climate, times)}


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the city's district-heating devices, all under one sky; their types decide what stands behind them."""
    network = _Network(city, climate, seed)
    sites = {site.name: site for site in city.sites if site.vertical == "district_heating"}
    return [simulated(city, device, network.physics(device)) for device in city.devices if device.site in sites]


class _Network:
    """One city's substations, by device name, and what is fed by them."""

    def __init__(self, city: City, climate: Climate, seed: int) -> None:
        self._climate, self._seed = climate, seed
        self._sites = {site.name: site for site in city.sites}
        self._zone = city.timezone
        self._substations = {
            device.name: self._substation(device) for device in city.devices if device.type == "heat_meter"
        }

    def physics(self, device: Device) -> Physics:
        if device.type == "heat_meter":
            return self._substations[device.name]
        if device.type == "heat_plant":
            return self._plant(device)
        if device.type == "weather_station":
            return WeatherStation(self._climate, self._seed)
        raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")

    def _substation(self, device: Device) -> Substation:
        site = self._sites[device.site]
        return Substation(
            Building(
                kind=kind_of(site),
                area=heated_area(site),
                zone=self._zone,
                climate=self._climate,
                sky=self._seed,
                seed=derive(self._seed, device.name),
            )
        )

    def _plant(self, device: Device) -> HeatPlant:
        substations = tuple(self._substations.values())
        if not substations:
            raise SimulationError(f"device {device.name}: a heat plant needs a heat_meter to feed in the same city")
        design = sum(substation.building.design_load for substation in substations)
        return HeatPlant(
            substations=substations,
            base_capacity=_fact(self._sites[device.site], "base_capacity", BASE_SHARE * design),
            pipe_loss=PIPE_LOSS * sum(_fact(site, "trench_length", 0.0) for site in self._sites.values()),
            seed=derive(self._seed, device.name),
        )


def _fact(site: Site, name: str, usual: float) -> float:
    return next((fact.value for fact in site.facts if fact.name == name), usual)
