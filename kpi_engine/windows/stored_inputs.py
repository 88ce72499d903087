"""Reading what the ports of many windows ask for: one query for each kind of key."""

from collections.abc import Hashable, Set
from typing import Any, Final

from ingest.discovery import constants
from kpi_engine import sources
from kpi_engine.ports.port import Found
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from processors.storage.database import Connection

SOURCES: Final = constants(sources.__name__, sources.__path__, "SOURCE", InputSource)


def read(connection: Connection, keys: Set[Hashable], kept: KeptDays | None = None) -> Found:
    """Return what is stored under ``keys``, whatever their kinds; what is dear to find is taken from what is kept."""
    found: dict[Hashable, Any] = {}
    for source in SOURCES.values():
        if wanted := [key for key in keys if isinstance(key, source.key)]:
            found |= source.read(connection, wanted, kept)
    return found
