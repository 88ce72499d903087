"""The unit that stored readings were sent in: it may be declared anew for times without readings only.

Readings are converted once, when they arrive, and what was sent is not kept: under another unit the old and the new
ones of a series would be mixed, and nothing could tell them apart.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import numpy as np

from ingest.model.city.assets import City, Device, SeriesDeclaration
from ingest.model.city.identity import predecessors
from ingest.model.city.series_declaration import unit_in_words
from ingest.model.reading import Stamping
from ingest.model.time import from_micros, isoformat, to_micros
from processors.errors import UnitChangeError
from processors.storage.database import Connection
from processors.storage.registry import city_changes
from processors.storage.statements import statements

SQL: Final = statements(__name__)


_Change = tuple[Device, SeriesDeclaration, SeriesDeclaration]


def require_unchanged(connection: Connection, city: City) -> None:
    """Raise UnitChangeError where ``city`` declares another unit for readings that are stored; in a transaction."""
    row = connection.execute(city_changes.SQL["city_document"], {"city": city.name}).fetchone()
    document = city.model_dump(mode="json")
    if row is None or row[0] == document:
        return
    before = City.model_validate(row[0])
    faults = [fault for change in _changed(before, city) for fault in _faults(connection, before, city, change)]
    if faults:
        raise UnitChangeError("\n".join([*faults, "Nothing was changed."]))


def _changed(before: City, city: City) -> Iterator[_Change]:
    """Yield series of which the file says something else about the unit than before."""
    former = predecessors(before, city)
    for device in city.devices:
        known = {series.quantity: series for series in former[device.name].series} if device.name in former else {}
        for series in device.series:
            old = known.get(series.quantity)
            if old is not None and old.conversions(before.timezone) != series.conversions(city.timezone):
                yield device, old, series


def _faults(connection: Connection, before: City, city: City, change: _Change) -> Iterator[str]:
    device, old, new = change
    series_id = connection.execute(
        SQL["series_id"], {"city": city.name, "device": device.name, "quantity": new.quantity}
    ).fetchone()
    for start, end in old.conversions(before.timezone).differing(new.conversions(city.timezone)):
        stored = [_stored_at(instant, device, new, city.timezone) for instant in (start, end)]
        bounds = {"from_time": stored[0] or "-infinity", "to_time": stored[1] or "infinity"}
        scope = {"series": series_id and series_id[0]} | bounds
        first, last = connection.execute(SQL["unit_stored_under"], scope).fetchone() or (None, None)
        if first is not None:
            yield _sentence(city, device, (old, new), (first, last))


def _stored_at(stamp: int | None, device: Device, series: SeriesDeclaration, zone: str) -> datetime | None:
    """Return at which time a reading stamped so is stored."""
    if stamp is None or series.stamping is not Stamping.BEGIN:
        return None if stamp is None else from_micros(stamp)
    return from_micros(device.expected_interval.ends(np.array([stamp]), zone)[0])


def _sentence(city: City, device: Device, units: tuple[SeriesDeclaration, ...], stored: tuple[datetime, ...]) -> str:
    first, last = (isoformat(to_micros(instant)) for instant in stored)
    was, now = map(unit_in_words, units)
    return (
        f"{city.name}: {device.name}, {units[0].quantity}, unit: its readings from {first} to {last} are stored as "
        f"they were declared then ({was}), and the file now says {now}. What was sent is not kept, so they cannot be "
        "converted again. If the device changed its unit, give both units with the day of the change (unit: a list "
        "with valid_to and valid_from). If the unit was declared wrongly, end this device (valid_to, another "
        "native_id, and former_native_id with the one it had), declare one of a new name with the native_id and the "
        "right unit, and load its history into that (pharos replay)"
    )
