"""A connection on which readings of one source are stored, and which is renewed when it is lost."""

from collections.abc import Callable

from processors.storage.database import STORING, Connection, connect
from processors.storage.failures import classified
from processors.storage.readings.sink import Sink


class StoreConnection:
    """Begins on ``connection``; the renewed ones are made to ``url`` and end with ``close``.

    ``sink_on`` returns a sink on a connection.
    """

    def __init__(
        self, connection: Connection, url: str, application: str, sink_on: Callable[[Connection], Sink]
    ) -> None:
        self._connection = connection
        self._url = url
        self._application = application
        self._sink_on = sink_on

    def sink(self) -> Sink:
        """Return a sink on the connection as it is."""
        return self._sink_on(self._connection)

    def reopen(self) -> Sink:
        """Return a sink on a new connection; raises StoreUnavailableError."""
        with classified():
            self._connection.close()
            self._connection = connect(self._url, self._application, STORING)
            return self.sink()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
