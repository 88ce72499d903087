"""Names follow native ids: devices that are known take the names that a city file gives them, two may swap them.

A name that passes to another device is taken from the one that had it, which is called by its name and its number from
then on: it keeps its series and its readings, and leaves the catalogue unless the file declares it under another name.
"""

from typing import Final

from ingest.model.city.assets import City
from ingest.model.city.identity import known_as
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def settle(connection: Connection, city: City) -> None:
    """Give the devices of ``city`` that are known their names; within the caller's transaction."""
    known = connection.execute(SQL["device_identities"], {"city": city.name}).fetchall()
    declared_last = sorted(known, key=lambda row: (row[3], -row[0]))  # of several with one native id it is the device
    by_address = {native_id: device_id for device_id, _, native_id, _ in declared_last}
    same = known_as(city.devices, by_address)
    wanted = {device.name: by_address.get(same.get(device.name, "")) for device in city.devices}
    names = {device_id: name for name, device_id in wanted.items() if device_id is not None}
    for device_id, name, _, _ in known:
        if name in wanted:
            names.setdefault(device_id, f"{name}~{device_id}")
    changed = [(device_id, names[device_id]) for device_id, name, *_ in known if names.get(device_id, name) != name]
    if changed:
        devices, renamed = zip(*changed, strict=True)
        connection.execute(SQL["device_rename"], {"devices": list(devices), "names": list(renamed)})
