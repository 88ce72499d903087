"""Whom a command speaks of: the cities of the city files it is told, and those that the database has registered."""

from collections.abc import Iterable

from deploy.errors import CredentialError, SiteAndGroupError, UnknownCityError, UnknownGroupError, UnknownSiteError
from deploy.settings import Settings
from ingest.model.city import city_file
from ingest.model.city.assets import City
from kpi_engine.subjects.subject_name import SubjectName
from processors.storage.database import Connection, connect
from processors.storage.registry import registry
from processors.storage.registry.bound_cities import BoundCities


def cities(chosen: Settings) -> list[City]:
    """Return every known city once; a city file says more than the database, which may not have taken it up yet."""
    declared = [city_file.load(path) for path in chosen.cities]
    return list({city.name: city for city in [*_stored(chosen), *declared]}.values())


def city(chosen: Settings, name: str) -> list[City]:
    """Return the city of a name, nothing where none is known; otherwise as ``cities``."""
    if files := [one for path in chosen.cities if (one := city_file.load(path)).name == name]:
        return files
    if chosen.database_url is None:
        return []
    with connect(chosen.database(), "pharos registry") as connection:
        found = registry.declared(connection, name)
    return [found] if found else []


def require_city(connection: Connection, name: str | None) -> None:
    """Raise UnknownCityError where ``name`` is given and is none of a registered city."""
    known = registry.city_names(connection)
    if name is not None and name not in known:
        raise UnknownCityError(name, known)


def require_site(connection: Connection, city: str, site: str | None) -> None:
    """Raise UnknownSiteError where ``site`` is given and is none of a registered city."""
    if site is None:
        return
    known = [one.name for one in registry.load(connection).cities[city].sites]
    if site not in known:
        raise UnknownSiteError(site, city, known)


def require_site_or_group(connection: Connection, city: str, name: str) -> None:
    """Raise UnknownSiteError where ``name`` is neither a site nor a group of a registered city."""
    known = [one.name for _, one in registry.load(connection).cities[city].declaring_baselines()]
    if name not in known:
        raise UnknownSiteError(name, city, known)


def require_subject(connection: Connection, name: SubjectName) -> None:
    """Raise the error that says so where there is no such city, site or group, or a site and a group are named."""
    require_city(connection, name.city)
    require_site(connection, name.city, name.site)
    if name.group is None:
        return
    if name.site is not None:
        raise SiteAndGroupError
    known = [one.name for one in registry.load(connection).cities[name.city].groups]
    if name.group not in known:
        raise UnknownGroupError(name.group, name.city, known)


def address(known: Iterable[City], city: str, device: str) -> str | None:
    """Return the native id, which stands in topics, of a device given by its name or by that id.

    None where no city declares it. Raises CredentialError where one device's name is another one's native id.
    """
    devices = [one for each in known if each.name == city for one in each.devices]
    meant = {one.address: one.name for one in devices if device in {one.name, one.address}}
    if len(meant) > 1:
        choices = " or ".join(f"{name} (native id {native_id})" for native_id, name in meant.items())
        raise CredentialError(f"{device!r} may be {choices} in {city}; expected what belongs to one of them only")
    return next(iter(meant), None)


def bound_cities(chosen: Settings) -> list[City]:
    """Return the registered cities with bindings."""
    with connect(chosen.database(), "pharos registry") as connection:
        return BoundCities(connection)()


def _stored(chosen: Settings) -> list[City]:
    if chosen.database_url is None:
        return []
    with connect(chosen.database(), "pharos registry") as connection:
        return list(registry.load(connection).cities.values())
