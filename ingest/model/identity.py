"""Which device of an earlier city file a device is: the one with its native id, whatever either is called."""

from ingest.model.assets import City
from ingest.model.device import Device


def predecessors(before: City, now: City) -> dict[str, Device]:
    """Return by the names of devices of ``now`` what they were in ``before``; a device that is new has no entry."""
    known = {device.address: device for device in before.devices}
    found = {device.name: (known[one] for one in device.addresses if one in known) for device in now.devices}
    return {name: former for name, candidates in found.items() if (former := next(candidates, None))}
