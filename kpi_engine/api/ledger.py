"""The ledger as the interface shows it: what became of every reading, per city and source."""

from datetime import datetime
from typing import Final

from pydantic import Field

from kpi_engine.api.fetching import fetch
from kpi_engine.api.representation import Answer
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class LedgerEntry(Answer):
    """Readings of one source: received = stored + duplicate + conflict + quarantined, at every instant."""

    city: str
    source: str
    received: int = Field(description="Readings whose outcome is known.")
    stored: int
    duplicate: int = Field(description="The same reading came again.")
    conflict: int = Field(description="The same time came with another value; every value is kept.")
    quarantined: int = Field(description="Refused, and kept with the reason.")
    updated_at: datetime


def read(connection: Connection, cities: list[str] | None) -> list[LedgerEntry]:
    """Return the ledger of the cities in scope (None: every city)."""
    return fetch(connection, LedgerEntry, SQL["api_ledger"], cities=cities)
