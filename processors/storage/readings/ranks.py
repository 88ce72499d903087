"""Ranks of sources as city files declare them: which one is believed where several give one reading differently.

A rank that changes decides about what is stored already as it does about what comes.
"""

from typing import Final

from ingest.model.city.assets import City
from processors.storage.database import Connection, sql
from processors.storage.readings import decisions

_PACKAGE: Final = "processors.storage"


def declare(connection: Connection, city: City) -> None:
    """Bring the ranks of a city's sources up to its file; within the caller's transaction."""
    parameters = {"city": city.name, "names": list(city.sources), "ranks": list(city.sources.values())}
    connection.execute(sql(_PACKAGE, "source_declare"), parameters)
    changed = [source_id for (source_id,) in connection.execute(sql(_PACKAGE, "source_rerank"), parameters)]
    if changed:
        decisions.decide_again(connection, "contested_of_sources", {"sources": changed})
        connection.execute(sql(_PACKAGE, "interval_begin_of_sources"), {"sources": changed})
