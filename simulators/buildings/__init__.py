"""Buildings, simulated: meters and sub-meters of electricity and heat, photovoltaics, and the climate of rooms."""

from collections.abc import Callable

import numpy as np

from ingest.model.city.assets import City, Device, Direction, Site
from simulators.buildings.electricity import Consumer, ElectricityMeter
from simulators.buildings.end_uses import end_use_of
from simulators.buildings.indoor_climate import IndoorClimateSensor, room_of
from simulators.device import Physics, SimulatedDevice, simulated
from simulators.errors import SimulationError
from simulators.noise import FloatColumn, derive
from simulators.place import Conditions, Place
from simulators.premises.heat_meters import heat_meters
from simulators.premises.kinds import area_fact, kind_of
from simulators.weather import Climate


def devices(city: City, climate: Climate, seed: int) -> list[SimulatedDevice]:
    """Return the devices of the city's buildings, all under one sky; their types decide what stands behind them."""
    buildings = _Buildings(city, Place(city.timezone, climate, seed), seed)
    return simulated(city, "buildings", buildings.physics)


class _Buildings:
    """One city's buildings, and what each of their devices measures."""

    def __init__(self, city: City, place: Place, seed: int) -> None:
        self._place, self._seed = place, seed
        self._sites = {site.name: site for site in city.sites}
        self._devices = {device.name: device for device in city.devices}
        self._heat_meters = heat_meters(city, place, seed)

    def physics(self, device: Device) -> Physics:
        kind = kind_of(self._sites[device.site])
        if device.type == "heat_meter":
            return self._heat_meters[device.name]
        if _is_feed_in(device):
            return ElectricityMeter(self._place, self._fed_in(device))
        if device.type == "electricity_meter":
            return ElectricityMeter(self._place, self._metered(device))
        if device.type == "photovoltaic_inverter":
            return ElectricityMeter(self._place, self._generated(device))
        if device.type == "indoor_climate_sensor":
            label = f"{device.name} {device.title or ''}".replace(device.site, "")
            return IndoorClimateSensor(room_of(kind, label, self._place, derive(self._seed, device.name)))
        raise SimulationError(f"device {device.name}: nothing simulates a {device.type}")

    def _metered(self, device: Device) -> Callable[[Conditions], FloatColumn]:
        """Return what a meter measures: a connection, an end use behind it, or a part of what a sub-meter measures."""
        meter = self._devices.get(device.meter_above or "")
        if meter is None or meter.type != "electricity_meter":
            return self._consumer(device).imported
        if meter.meter_above is not None:
            whole, beside = self._metered(meter), len(self._behind(meter))
            return lambda conditions: whole(conditions) / (1 + beside)
        consumer = self._consumer(meter)
        use = end_use_of(device, consumer.kind)
        beside = sum(end_use_of(each, consumer.kind) is use for each in self._behind(meter))
        return lambda conditions: consumer.part(use, conditions) / beside

    def _behind(self, meter: Device) -> list[Device]:
        return [
            each
            for each in self._devices.values()
            if each.meter_above == meter.name and each.type == "electricity_meter" and not _is_feed_in(each)
        ]

    def _generated(self, device: Device) -> Callable[[Conditions], FloatColumn]:
        whole, beside = self._consumer(device).yield_, len(self._of_type(device))
        return lambda conditions: whole(conditions) / beside

    def _fed_in(self, device: Device) -> Callable[[Conditions], FloatColumn]:
        """Return what a meter of feed-in counts: what the roof yields beyond the load, behind all main meters."""
        here = [each for each in self._devices.values() if each.site == device.site]
        beside = sum(map(_is_feed_in, here))
        mains = [each for each in here if _is_main(each)]
        consumers = [self._consumer(main) for main in mains or [device]]
        return lambda conditions: sum((each.exported(conditions) for each in consumers), start=np.zeros(1)) / beside

    def _consumer(self, device: Device) -> Consumer:
        """Return what hangs on a main meter: its site, or its share of the site where there are several."""
        site = self._sites[device.site]
        kind = kind_of(site)
        mains = [each for each in self._of_type(device) if _is_main(each)]
        share = 1.0 / len(mains) if device.type == "electricity_meter" and mains else 1.0
        area = _fact(site, "floor_area", area_fact(site) or kind.heated_area)
        seed = derive(self._seed, device.name if share < 1.0 else site.name)
        return Consumer(kind, share * area, share * self._capacity(site), self._place, seed)

    def _capacity(self, site: Site) -> float:
        """Return the site's photovoltaics in kW, 20 where it has an inverter and states nothing."""
        inverters = any(
            each.site == site.name and each.type == "photovoltaic_inverter" for each in self._devices.values()
        )
        return _fact(site, "photovoltaic_capacity", 20.0) if inverters else 0.0

    def _of_type(self, device: Device) -> list[Device]:
        return [each for each in self._devices.values() if each.site == device.site and each.type == device.type]


def _is_feed_in(device: Device) -> bool:
    return device.type == "electricity_meter" and device.direction is Direction.PRODUCTION


def _is_main(device: Device) -> bool:
    return device.type == "electricity_meter" and device.meter_above is None and not _is_feed_in(device)


def _fact(site: Site, name: str, usual: float) -> float:
    return next((fact.value for fact in site.facts if fact.name == name), usual)
