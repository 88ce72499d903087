"""A connection on which readings of one source are stored, and which is renewed when it is lost."""

from collections.abc import Callable

from ingest.model.catalogue import Catalogue
from ingest.pseudonyms import Pseudonyms
from processors.storage.database import Connection, connect
from processors.storage.failures import classified
from processors.storage.readings.pseudonym_key import unkept
from processors.storage.readings.quarantine_quota import DEFAULT_QUOTA, Quota
from processors.storage.readings.sink import Sink


class StoreConnection:
    """Begins on ``connection``; the renewed ones are made to ``url`` and end with ``close``."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a sink needs, and what a new connection needs
        self,
        connection: Connection,
        url: str,
        application: str,
        catalogue: Catalogue,
        source: str,
        quota: Quota = DEFAULT_QUOTA,
        pseudonyms: Callable[[], Pseudonyms] = unkept,
    ) -> None:
        self._connection = connection
        self._url = url
        self._application = application
        self._catalogue = catalogue
        self._source = source
        self._quota = quota
        self._pseudonyms = pseudonyms

    def sink(self) -> Sink:
        """Return a sink on the connection as it is."""
        return Sink(self._connection, self._catalogue, self._source, self._quota, self._pseudonyms)

    def reopen(self) -> Sink:
        """Return a sink on a new connection; raises StoreUnavailableError."""
        with classified():
            self._connection.close()
            self._connection = connect(self._url, self._application)
            return self.sink()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
