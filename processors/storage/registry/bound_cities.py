"""The cities that declare bindings, for those who need to know nothing else of the registry."""

from ingest.model.city.assets import City
from processors.storage.database import Connection
from processors.storage.registry import bound_topics, current_catalogue


class BoundCities:
    """Reads them again only when a city file was applied."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cities: list[City] | None = None
        self._version: object = None

    def __call__(self) -> list[City]:
        """Return the cities with bindings as they are registered now; leaves no transaction open."""
        with self._connection.transaction():
            version = self._connection.execute(current_catalogue.SQL["registry_version"]).fetchone()
            if self._cities is None or version != self._version:
                self._cities, self._version = bound_topics.declaring(self._connection), version
            return self._cities
