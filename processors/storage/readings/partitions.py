"""Partitions of the observations, made for the UTC months that have readings and for no others."""

from typing import Final

import numpy as np

from ingest.model.observation import IntColumn
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_MONTH: Final = "datetime64[M]"


class Partitions:
    """Remembers which months have a partition, so that the database is asked once for each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: set[int] = set()

    def ensure(self, time: IntColumn) -> None:
        """Make sure that readings at ``time`` (microseconds) have a place; commits on its own."""
        if not len(time):
            return
        months = np.unique(np.array([time.min(), time.max()], "datetime64[us]").astype(_MONTH).astype(np.int64))
        if len(months) > 1:
            months = np.unique(time.astype("datetime64[us]").astype(_MONTH).astype(np.int64))
        for month in set(months.tolist()) - self._known:
            start = f"{np.datetime64(month, 'M')}-01T00:00:00Z"
            with self._connection.transaction():
                self._connection.execute(SQL["partition_ensure"], {"month": start})
            self._known.add(month)

    def forget(self) -> None:
        """Ask the database again: somebody else may have dropped a partition."""
        self._known.clear()
