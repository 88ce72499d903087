"""The city files that a role is started with: registered once, since whatever is applied afterwards is newer.

A file that is older than what is registered must not undo it: one that devices would leave is not registered.
"""

import structlog

from ingest.model.city.assets import City
from processors.storage.database import Connection
from processors.storage.registry.city_changes import changes
from processors.storage.registry.registry import sync

log = structlog.get_logger(__name__)


class StartFiles:
    """Cities to register when the database is first reached, and never again by this process."""

    def __init__(self, cities: list[City]) -> None:
        self._cities = cities

    def register(self, connection: Connection) -> None:
        """Register the cities, unless that has been done; raises UnitChangeError as ``sync`` does."""
        if self._cities:
            harmless = [city for city in self._cities if _is_harmless(connection, city)]
            connection.commit()
            if harmless:
                sync(connection, harmless)
            self._cities = []


def _is_harmless(connection: Connection, city: City) -> bool:
    """Whether a file takes nothing away; says what it would where it does."""
    found = changes(connection, city)
    if not found.leaving and not found.losses:
        return True
    lost = "; ".join(found.losses or [f"{', '.join(found.leaving)} would leave"])
    log.warning(
        "city file of the start not applied: what is registered stays",
        city=city.name,
        cause=f"{lost}. To apply the file nevertheless: pharos city apply --yes",
    )
    return False
