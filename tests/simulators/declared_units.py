"""Cities whose devices are declared in other units."""

from collections.abc import Mapping

from ingest.model.city.assets import City
from ingest.model.city.device import Device


def in_units(city: City, name: str, units: Mapping[str, str]) -> City:
    """Return the city with series of one device in ``units``, by quantity; in canonical ones where none is given."""
    return city.model_copy(update={"devices": tuple(_changed(one, name, units) for one in city.devices)})


def _changed(device: Device, name: str, units: Mapping[str, str]) -> Device:
    if device.name != name:
        return device
    series = tuple(
        type(each).model_validate({"quantity": each.quantity, "unit": units.get(each.quantity)})
        for each in device.series
    )
    return device.model_copy(update={"series": series})
