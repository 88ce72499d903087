"""Which device of an earlier city file a device is: the one with its native id, whatever either is called."""

from collections.abc import Container, Sequence

from ingest.model.city.assets import City
from ingest.model.city.device import Device


def known_as(devices: Sequence[Device], known: Container[str]) -> dict[str, str]:
    """Return by the names of ``devices`` the ``known`` native id that each has; a device that is new has no entry.

    What is known under an id goes to the device that says it had it, before the one that has it now.
    """
    moved = {
        device.name: device.former_native_id
        for device in devices
        if device.former_native_id is not None and device.former_native_id in known and device.address not in known
    }
    taken = set(moved.values())
    return moved | {
        device.name: device.address for device in devices if device.address in known and device.address not in taken
    }


def predecessors(before: City, now: City) -> dict[str, Device]:
    """Return by the names of devices of ``now`` what they were in ``before``."""
    known = {device.address: device for device in before.devices}
    return {name: known[address] for name, address in known_as(now.devices, known).items()}
