"""District heating, simulated: substations, the plants that feed them, and the weather that drives both."""

from ingest.model.city.assets import City, Device, Site
from simulators.device import Physics, SimulatedDevice, simulated
from simulators.district_heating.plant import HeatNetwork, HeatPlant
from simulators.district_heating.pump import CirculationPump
from simulators.environment.weather_station import WeatherStation
from simulators.errors import SimulationError
from simulators.noise import derive
from simulators.place import Place
from simulators.premises.heat_meter import HeatMeter
from simulators.premises.heat_meters import heat_meters
from simulators.weather import Climate

PIPE_LOSS = 0.018  # kW per metre of trench
BASE_SHARE = 0.45  # of the sum of design loads: what the base-load plant is sized for


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the city's district-heating devices, all under one sky; their types decide what stands behind them."""
    district = _District(city, Place(city.timezone, climate, seed), seed)
    return simulated(city, "district_heating", district.physics)


class _District:
    """One city's heat meters, by device name, and what feeds them."""

    def __init__(self, city: City, place: Place, seed: int) -> None:
        self._city, self._place, self._seed = city, place, seed
        self._sites = {site.name: site for site in city.sites}
        self._meters = heat_meters(city, place, seed)
        self._plants = [device for device in city.devices if device.type == "heat_plant"]
        self._pumps = [device for device in city.devices if device.type == "circulation_pump"]
        self._networks: dict[frozenset[str], HeatNetwork] = {}

    def physics(self, device: Device) -> Physics:
        if device.type == "heat_meter":
            return self._meters[device.name]
        if device.type == "heat_plant":
            return self._plant(device)
        if device.type == "circulation_pump":
            return self._pump(device)
        if device.type == "weather_station":
            return WeatherStation(self._place)
        raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")

    def _plant(self, device: Device) -> HeatPlant:
        fed = self._fed(device)
        beside = [plant for plant in self._plants if self._fed(plant).keys() == fed.keys()]
        share = self._size(device) / sum(self._size(plant) for plant in beside)
        design = share * sum(meter.building.design_load for meter in fed.values())
        return HeatPlant(
            network=self._network(fed),
            share=share,
            base_capacity=_fact(self._sites[device.site], "base_capacity", BASE_SHARE * design),
            seed=derive(self._seed, device.name),
        )

    def _pump(self, device: Device) -> CirculationPump:
        fed = self._fed(device)
        beside = [pump for pump in self._pumps if self._fed(pump).keys() == fed.keys()]
        return CirculationPump(self._network(fed), 1.0 / len(beside))

    def _fed(self, device: Device) -> dict[str, HeatMeter]:
        """Return the meters a device feeds: of the sites it serves, or of all; those behind others take nothing more.

        Raises SimulationError where there is none.
        """
        served = _served(device.site, self._sites)
        fed = {
            meter.name: self._meters[meter.name]
            for meter in self._city.devices
            if meter.name in self._meters and meter.meter_above is None and (not served or meter.site in served)
        }
        if not fed:
            kind = device.type.replace("_", " ")
            raise SimulationError(f"device {device.name}: a {kind} needs a heat_meter to feed in the same city")
        return fed

    def _network(self, fed: dict[str, HeatMeter]) -> HeatNetwork:
        """Return one network for all plants that feed the same meters, so that it is computed once."""
        key = frozenset(fed)
        if key not in self._networks:
            trench = sum(_fact(site, "trench_length", 0.0) for site in self._sites.values())
            self._networks[key] = HeatNetwork(list(fed.values()), PIPE_LOSS * trench)
        return self._networks[key]

    def _size(self, plant: Device) -> float:
        site = self._sites[plant.site]
        return _fact(site, "base_capacity", _fact(site, "rated_power", 1.0))


def _served(name: str, sites: dict[str, Site]) -> set[str]:
    """Return the sites that are served from one, directly or through others."""
    reached: set[str] = set()
    ahead = [name]
    while ahead:
        found = set(sites[ahead.pop()].served) - reached
        reached |= found
        ahead += found
    return reached


def _fact(site: Site, name: str, usual: float) -> float:
    return next((fact.value for fact in site.facts if fact.name == name), usual)
