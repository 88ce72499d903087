"""Series as the interface reads them: one quantity of one device, with what its buckets depend on."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from ingest.model.expected_interval import ExpectedInterval
from ingest.model.quantities.quantity import QUANTITIES, Quantity
from ingest.model.sentences import Sentence
from kpi_engine.api.access import Access
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.fetching import fetch
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class SeriesOfDevice:
    """Which series it is, and whose."""

    series_id: int
    city: str
    site: str
    vertical: str
    device: str
    quantity: str
    unit: str


@dataclass(frozen=True)
class StoredSeries(SeriesOfDevice):
    """A registered series; durations in microseconds; ``register_contract`` as the registry stores it."""

    kind: str
    register_contract: dict[str, Any] | None
    zone: str
    expected_interval: int
    interval_months: int
    interval_days: int
    stamp_tolerance: int
    max_gap: int
    filling: int

    @property
    def interval(self) -> ExpectedInterval:
        """How long its intervals are; ``expected_interval`` is about as much."""
        civil = ExpectedInterval(months=self.interval_months, days=self.interval_days)
        is_civil = civil.length == self.expected_interval > 0
        return civil if is_civil else ExpectedInterval(elapsed=self.expected_interval)

    @property
    def definition(self) -> Quantity:
        """The quantity's row in the table of quantities."""
        return QUANTITIES[self.quantity]


@dataclass(frozen=True)
class SeriesFilters:
    """Which series; what is None does not matter."""

    site: str | None = None
    device: str | None = None
    vertical: str | None = None
    quantity: str | None = None


def find(connection: Connection, cities: list[str] | None, filters: SeriesFilters) -> list[StoredSeries]:
    """Return the series in scope (None: every city) that match every filter given."""
    return fetch(connection, StoredSeries, SQL["api_series"], cities=cities, series_id=None, **asdict(filters))


def one(access: Access, series_id: int) -> StoredSeries:
    """Return a series; one out of the token's scope is as unknown as one that does not exist (NotFoundError).

    Raises WithheldError for one of households, where the caller sees none of these.
    """
    anything = asdict(SeriesFilters())
    found = fetch(
        access.connection, StoredSeries, SQL["api_series"], cities=access.cities(None), series_id=series_id, **anything
    )
    if not found:
        raise NotFoundError(Sentence("there is no series {number}").of(number=series_id))
    access.require_site(found[0].city, found[0].site)
    return found[0]
