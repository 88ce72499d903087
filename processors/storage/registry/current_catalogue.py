"""The catalogue as the database holds it now, for those who live longer than a city file."""

from typing import Final

from ingest.model.catalogue import Catalogue
from processors.storage.database import Connection
from processors.storage.registry.registry import load
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class CurrentCatalogue:
    """Reads the catalogue of every stored city again only when a city file was applied.

    ``known`` is one that was read before, when the database was at ``version``.
    """

    def __init__(self, connection: Connection, known: Catalogue | None = None, version: object = None) -> None:
        self._connection = connection
        self._catalogue = known
        self._version = version

    @property
    def version(self) -> object:
        """What tells the catalogue that was read last from others."""
        return self._version

    def __call__(self) -> Catalogue:
        """Return the catalogue as it is now; one that has not changed is the same object.

        Leaves no transaction open: a caller's next one would be a part of it and never be committed.
        """
        with self._connection.transaction():
            version = self._connection.execute(SQL["registry_version"]).fetchone()
            if self._catalogue is None or version != self._version:
                self._catalogue, self._version = load(self._connection), version
            return self._catalogue
