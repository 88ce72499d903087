"""Where readings come from: one source per city and way of arrival, for example ("harbour", "mqtt")."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ingest.model.observation import IntColumn
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def source_ids(connection: Connection, name: str, cities: Sequence[str]) -> IntColumn:
    """Return the source ids of ``name`` in each city, registering those that are new; commits."""
    with connection.transaction():
        parameters = {"name": name, "cities": list(cities)}
        connection.execute(SQL["source_register"], parameters)
        rows = connection.execute(SQL["source_ids"], parameters).fetchall()
    known: dict[str, int] = dict(rows)
    return np.array([known[city] for city in cities], np.int64)
