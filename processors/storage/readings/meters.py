"""Which meters stood behind a device, by the serial numbers that came with its readings.

A meter is known since the earliest reading that named it, so the order of arrival does not matter. Registers start anew
where another meter begins. Recorded in the transaction of the readings; what is new is rare, and all else costs a look
into a dictionary.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from ingest.model.city.assets import City, Device
from ingest.model.observation import ObservationBatch, Sighting
from ingest.model.registers import Replacement
from ingest.model.time import from_micros, to_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_REMEMBERED: Final = 100_000

Changes = dict[tuple[str, str], list[datetime]]  # by city and device, when another meter came


class Meters:
    """Records meters within the caller's transaction; remembers what the database said of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._since: dict[tuple[int, str], int] = {}

    def record(self, sightings: Sequence[Sighting], stored: ObservationBatch) -> None:
        """Take up ``sightings``, as far as readings of their message and time are in ``stored``."""
        if not (unknown := self._unknown(sightings)):
            return
        rows = set(zip(stored.message.tolist(), stored.time.tolist(), strict=True))
        if not (counting := [one for one in unknown if (one.message, one.time) in rows]):
            return
        self._remember(counting)
        if earlier := self._unknown(counting):
            self._connection.execute(SQL["meter_lock"])
            times = {"time": [from_micros(one.time) for one in earlier]}
            self._connection.execute(SQL["meter_sight"], _keyed(earlier) | times)

    def _unknown(self, sightings: Iterable[Sighting]) -> list[Sighting]:
        """Return sightings before all that is known; meters only ever turn out to be known earlier."""
        known = ((one, self._since.get((one.device_id, one.serial_number))) for one in sightings)
        return [one for one, since in known if since is None or one.time < since]

    def _remember(self, sightings: Sequence[Sighting]) -> None:
        """Ask the database; what this transaction adds is not remembered, since it may not be committed."""
        if len(self._since) > _REMEMBERED:
            self._since.clear()
        for device_id, serial_number, since in self._connection.execute(SQL["meter_known"], _keyed(sightings)):
            self._since[device_id, serial_number] = to_micros(since)


def changes(connection: Connection, city: str | None = None, device: str | None = None) -> Changes:
    """Return when another meter came, by city and device; of one device or of all."""
    found = connection.execute(SQL["meter_changes"], {"city": city, "device": device})
    return {(name, of): since for name, of, since in found}


def replaced(city: City, known: Changes) -> City:
    """Return a city whose devices are replaced when another serial number came; what is declared goes before."""
    if not any(name == city.name for name, _ in known):
        return city
    devices = tuple(_replaced(device, known.get((city.name, device.name), ())) for device in city.devices)
    return city.model_copy(update={"devices": devices})


def _replaced(device: Device, since: Sequence[datetime]) -> Device:
    if device.replacements or not since:
        return device
    return device.model_copy(update={"replacements": tuple(Replacement(at=at) for at in since)})


def _keyed(sightings: Sequence[Sighting]) -> dict[str, list[object]]:
    return {
        "device_id": [one.device_id for one in sightings],
        "serial_number": [one.serial_number for one in sightings],
    }
