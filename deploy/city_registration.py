"""City files into use, as commands and the HTTP interface do it: what it does, registration, rights at the broker."""

from collections.abc import Sequence

from deploy.production import mqtt_accounts
from deploy.settings import Settings
from ingest.model.binding_rights import rights
from ingest.model.city.assets import City
from processors.storage.database import Connection
from processors.storage.registry import registry
from processors.storage.registry.bound_cities import BoundCities
from processors.storage.registry.city_changes import CityChanges, changes


def foreseen(connection: Connection, cities: Sequence[City]) -> list[tuple[str, CityChanges]]:
    """Return by name of the city what registering ``cities`` would change; nothing is changed."""
    with connection.transaction():
        return [(city.name, changes(connection, city)) for city in cities]


def register(chosen: Settings, connection: Connection, cities: Sequence[City]) -> None:
    """Register ``cities``, and let the broker of a deployment know what their bindings allow whom.

    An embedded stack finds that out by itself. Raises UnitChangeError or BindingConflictError; nothing was changed.
    """
    registry.sync(connection, list(cities))
    connection.commit()
    if deployment := mqtt_accounts.found(chosen.data):
        deployment.grant(rights(BoundCities(connection)()))
