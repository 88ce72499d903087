"""Which heat meter of a city hangs on which building: one at its substation, and those behind it for parts of it."""

from typing import Final

from ingest.model.city.assets import City, Device, Site
from simulators.noise import derive
from simulators.place import Place
from simulators.premises.heat_load import Building
from simulators.premises.heat_meter import HeatMeter
from simulators.premises.kinds import heated_area, kind_of

HEAT_METER: Final = "heat_meter"

_REACHED: Final = 0.97  # of the heat of a building: what arrives behind its substation


def heat_meters(city: City, place: Place, seed: int) -> dict[str, HeatMeter]:
    """Return every heat meter of ``city``, whatever vertical it belongs to, by device name."""
    devices = {device.name: device for device in city.devices if device.type == HEAT_METER}
    sites = {site.name: site for site in city.sites}
    return {name: HeatMeter(_building(device, devices, sites, place, seed)) for name, device in devices.items()}


def _building(device: Device, devices: dict[str, Device], sites: dict[str, Site], place: Place, seed: int) -> Building:
    """Return what a meter measures; behind another meter it is a part of that one's building, and never more."""
    site = sites[device.site]
    meter = devices.get(device.meter_above or "")
    if meter is None:
        return Building(kind_of(site), heated_area(site), place, derive(seed, device.name))
    whole = _building(meter, devices, sites, place, seed)
    beside = sum(each.meter_above == meter.name for each in devices.values())
    area = min(heated_area(site), _REACHED * whole.area / beside)
    return Building(whole.kind, area, place, whole.seed)
