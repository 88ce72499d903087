"""The city files that a role is started with: registered once, since whatever is applied afterwards is newer."""

from ingest.model.assets import City
from processors.storage.database import Connection
from processors.storage.registry import sync


class StartFiles:
    """Cities to register when the database is first reached, and never again by this process."""

    def __init__(self, cities: list[City]) -> None:
        self._cities = cities

    def register(self, connection: Connection) -> None:
        """Register the cities, unless that has been done; raises UnitChangeError as ``sync`` does."""
        if self._cities:
            sync(connection, self._cities)
            self._cities = []
