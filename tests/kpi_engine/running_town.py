"""The town harbour, whose readings are stored, rolled up and computed as the running roles do."""

from ingest.model.catalogue import Catalogue
from ingest.model.city.city_file import parse
from kpi_engine.engine.engine import Engine
from processors.rollups.worker import RollupWorker
from processors.storage.database import Connection
from processors.storage.registry.registry import sync
from processors.storage.rollups.rollups import RollupStore
from tests.kpi_engine.reproduced import not_reproduced
from tests.processors.stored_readings import drain


class RunningTown:
    """A town in a database at the instant ``now``; its engine has a connection of its ``own``."""

    def __init__(self, connection: Connection, own: Connection, text: str, now: int) -> None:
        self._connection, self._own, self._now = connection, own, now
        self.declare(text)

    def declare(self, text: str) -> None:
        """Apply a city file."""
        self._catalogue: Catalogue = sync(self._connection, [parse(text, "harbour.yaml")])
        self._connection.commit()
        self._engine = Engine(self._own)

    def series(self, device: str, quantity: str) -> int:
        """Return the id of a series."""
        return self._catalogue.devices["harbour", device].series[quantity].series_id

    def settle(self) -> None:
        """Roll up and compute until nothing is due."""
        drain(RollupWorker(RollupStore(self._connection), lambda: self._catalogue))
        while self._engine.step(self._now).recomputed:
            self._engine.pace(seconds=0.0, wanted=1.0)

    def not_reproduced(self) -> list[tuple[str, str | None, str, str]]:
        """Return which figures differ from what their lineage gives, and in what."""
        return not_reproduced(self._connection)
