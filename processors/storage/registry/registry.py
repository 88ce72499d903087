"""The registry: city files into the database, where cities, sites, devices and series get their ids; and back.

A device is its native id within its city; its name may change. Nothing is ever deleted: a device that leaves a city
file keeps its id and its readings, but is not in the catalogue.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from psycopg.types.json import Jsonb

from ingest.collection import paused
from ingest.model.alarm_limits import AlarmLimits
from ingest.model.catalogue import DEFAULT_GAP_INTERVALS, Catalogue, Ids
from ingest.model.city.assets import City, Device, SeriesDeclaration, Site
from ingest.model.city.groups import Group
from ingest.model.reading import ReadingKind
from ingest.model.registers import stored
from ingest.model.time import MICROSECOND
from processors.storage.database import Connection
from processors.storage.readings import meters, ranks
from processors.storage.registry import bound_topics, city_changes, declared_units, identities
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_Parameters = dict[str, Any]


@paused()
def sync(connection: Connection, cities: list[City]) -> Catalogue:
    """Store ``cities`` as the master data and return their catalogue; doing it twice changes nothing.

    One transaction. Where a change alters what stored readings mean (kind, register contract, plausible change,
    max_gap, filling, expected interval, stamp tolerance, the city's zone), everything the series has stored is marked
    for recomputation.
    Raises UnitChangeError where stored readings would be in another unit than they were sent in, BindingConflictError
    where another city has bound the same topics.
    """
    with connection.transaction():
        connection.execute(SQL["registry_lock"])
        before = _meanings(connection)
        for city in cities:
            identities.settle(connection, city)
            declared_units.require_unchanged(connection, city)
            _store(connection, city)
        bound_topics.require_own_topics(connection, cities)
        after = _meanings(connection)
        changed = [series for series, meaning in after.items() if _is_changed(before.get(series), meaning)]
        connection.execute(SQL["mark_series"], {"series": changed})
        for city in cities:
            ranks.declare(connection, city)
        return _catalogue(connection, cities)


@paused()
def load(connection: Connection) -> Catalogue:
    """Return the catalogue of every stored city."""
    with connection.transaction():
        documents = connection.execute(SQL["city_documents"]).fetchall()
        return _catalogue(connection, [City.model_validate(document) for (document,) in documents])


@paused()
def declared(connection: Connection, name: str) -> City | None:
    """Return a city as its file was applied last, None where none is registered by this name."""
    row = connection.execute(city_changes.SQL["city_document"], {"city": name}).fetchone()
    return None if row is None else City.model_validate(row[0])


def require_possible(connection: Connection, cities: list[City]) -> None:
    """Raise what ``sync`` raises of ``cities``, and change nothing."""
    for city in cities:
        declared_units.require_unchanged(connection, city)
    bound_topics.require_own_topics(connection, cities)


def city_names(connection: Connection) -> list[str]:
    """Return the names of the registered cities."""
    return [name for (name,) in connection.execute(SQL["city_names"])]


def _catalogue(connection: Connection, cities: list[City]) -> Catalogue:
    known = meters.changes(connection)
    return Catalogue([meters.replaced(city, known) for city in cities], _ids(connection))


def _ids(connection: Connection) -> Ids:
    devices = connection.execute(SQL["device_ids"]).fetchall()
    series = connection.execute(SQL["series_ids"]).fetchall()
    return Ids(
        devices={(city, device): device_id for city, device, device_id in devices},
        series={(city, device, quantity): series_id for city, device, quantity, series_id in series},
    )


def _meanings(connection: Connection) -> dict[int, tuple[object, ...]]:
    return {series: tuple(meaning) for series, *meaning in connection.execute(SQL["series_meanings"])}


def _is_changed(before: tuple[object, ...] | None, now: tuple[object, ...]) -> bool:
    """Whether there is something to recompute: a new series has no readings, but sessions may be there before it."""
    return now[0] == ReadingKind.SESSION if before is None else before != now


def _store(connection: Connection, city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL["registry_joins"], {"nested_loops": "off"})
        cursor.execute(SQL["city_upsert"], _city(city))
        cursor.executemany(SQL["site_upsert"], [_site(city, site) for site in city.sites])
        cursor.executemany(SQL["group_upsert"], [_group(city, group) for group in city.groups])
        devices = [_device(device) for device in city.devices]
        cursor.execute(SQL["devices_upsert"], {"city": city.name, "devices": Jsonb(devices)})
        limits = {site.name: site.alarms for site in city.sites}
        series = [
            _series(city, device, declared) | {"plausible_change": _change(device, declared, limits[device.site])}
            for device in city.devices
            for declared in device.series
        ]
        cursor.execute(SQL["series_upsert"], {"city": city.name, "series": Jsonb(series)})
        cursor.executemany(SQL["register_contract_record"], _contracts(city))
        cursor.execute(SQL["registry_joins"], {"nested_loops": "on"})


def _city(city: City) -> _Parameters:
    return city.model_dump(include={"name", "title", "country", "timezone", "grid_zone", "role"}) | {
        "document": Jsonb(_document(city)),
    }


def _document(city: City) -> dict[str, Any]:
    """Return what is kept of a city file; of devices, which are many, only what they say otherwise than by default."""
    devices = [device.model_dump(mode="json", exclude_defaults=True) for device in city.devices]
    return city.model_dump(mode="json", exclude={"devices"}) | {"devices": devices}


def _site(city: City, site: Site) -> _Parameters:
    return site.model_dump(include={"name", "vertical", "valid_from", "valid_to"}) | {
        "city": city.name,
        "title": site.title or site.name,
        "facts": Jsonb([fact.model_dump(mode="json") for fact in site.facts]),
    }


def _group(city: City, group: Group) -> _Parameters:
    return {"city": city.name, "name": group.name, "title": group.title or group.name}


def _device(device: Device) -> _Parameters:
    kept_elsewhere = {"series", "title", "native_id", "former_native_id", "replacements", "submeter_of"}
    return device.model_dump(mode="json", exclude=kept_elsewhere) | {
        "title": device.title or device.name,
        "native_id": device.address,
        "submeter_of": device.meter_above,
    }


def _series(city: City, device: Device, declared: SeriesDeclaration) -> _Parameters:
    return {
        "device": device.name,
        "quantity": declared.quantity,
        "unit": declared.definition.unit,
        "kind": declared.reading_kind,
        "register_contract": _register(city, device, declared),
        "max_gap": _interval(declared.max_gap or DEFAULT_GAP_INTERVALS * device.expected_interval.duration),
        "filling": _interval(declared.longest_filled),
        "stamp_tolerance": _interval(_tolerance(device, declared)),
    }


def _interval(given: timedelta | None) -> str | None:
    return None if given is None else f"{given.days} days {given.seconds} seconds {given.microseconds} microseconds"


def _tolerance(device: Device, declared: SeriesDeclaration) -> timedelta | None:
    if declared.reading_kind is not ReadingKind.INTERVAL:
        return None
    return declared.stamp_tolerance or device.expected_interval.tolerance * MICROSECOND


def _change(device: Device, declared: SeriesDeclaration, of_site: Mapping[str, AlarmLimits]) -> object:
    return device.change(declared, of_site).stored()


def _register(city: City, device: Device, declared: SeriesDeclaration) -> dict[str, object] | None:
    """Return what decides how a register is read, in its canonical unit; None for what is no register."""
    if declared.reading_kind is not ReadingKind.REGISTER:
        return None
    return stored(declared.contracts(city.timezone), device.swaps(declared, city.timezone))


def _contracts(city: City) -> list[_Parameters]:
    series = [series for device in city.devices for series in device.series]
    every = {contract for one in series for contract in one.contracts(city.timezone).values}
    return [{"digest": contract.digest, "contract": Jsonb(contract.stored())} for contract in every]
