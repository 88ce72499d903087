"""The catalogue as the database holds it now, for those who live longer than a city file."""

from ingest.model.catalogue import Catalogue
from processors.storage.database import Connection, sql
from processors.storage.registry import load


class CurrentCatalogue:
    """Reads the catalogue of every stored city again only when a city file was applied."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._version: object = None
        self._catalogue: Catalogue | None = None

    def __call__(self) -> Catalogue:
        """Return the catalogue as it is now; one that has not changed is the same object.

        Leaves no transaction open: a caller's next one would be a part of it and never be committed.
        """
        with self._connection.transaction():
            version = self._connection.execute(sql("processors.storage", "registry_version")).fetchone()
            if self._catalogue is None or version != self._version:
                self._catalogue, self._version = load(self._connection), version
            return self._catalogue
