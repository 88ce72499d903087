"""A city out of use: its devices end with a day, so that the past stays what it was and nothing new comes."""

from datetime import date, timedelta

from ingest.model.city.assets import City
from ingest.model.city.device import Device


def in_use(city: City, day: date) -> int:
    """Return how many devices of a city are valid on a day."""
    return sum(_is_valid(device, day) for device in city.devices)


def ended(city: City, last: date) -> City:
    """Return a city whose devices are valid up to and with a day; those that would begin later are left out."""
    after = last + timedelta(days=1)
    staying = [device for device in city.devices if device.valid_from is None or device.valid_from < after]
    devices = tuple(
        device if device.valid_to and device.valid_to <= after else device.model_copy(update={"valid_to": after})
        for device in staying
    )
    return city.model_copy(update={"devices": devices})


def _is_valid(device: Device, day: date) -> bool:
    return (device.valid_from is None or device.valid_from <= day) and (
        device.valid_to is None or device.valid_to > day
    )
