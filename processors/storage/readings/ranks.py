"""Ranks of sources as city files declare them: which one is believed where several give one reading differently.

A rank that changes decides about what is stored already as it does about what comes.
"""

from typing import Final

from ingest.model.city.assets import City
from processors.storage.database import Connection
from processors.storage.readings import decisions
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def declare(connection: Connection, city: City) -> None:
    """Bring the ranks of a city's sources up to its file; within the caller's transaction."""
    parameters = {"city": city.name, "names": list(city.sources), "ranks": list(city.sources.values())}
    connection.execute(SQL["source_declare"], parameters)
    changed = [source_id for (source_id,) in connection.execute(SQL["source_rerank"], parameters)]
    if changed:
        decisions.decide_again(connection, SQL["contested_of_sources"], {"sources": changed})
        connection.execute(SQL["interval_begin_of_sources"], {"sources": changed})
