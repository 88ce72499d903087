"""What is taken home: whose series or figures, of which time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ingest.model.time import isoformat, to_micros
from kpi_engine.api import series
from kpi_engine.api.instants import micros
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.series import SeriesFilters, StoredSeries
from kpi_engine.export.errors import ExportError
from processors.storage.database import Connection

Edge = date | datetime  # a civil day of each city, or an instant


@dataclass(frozen=True)
class DayRange:
    """[start, end): civil days of each city, or instants."""

    start: Edge
    end: Edge

    def within(self, zone: str) -> TimeRange:
        """Return the range in the time of a city."""
        found = TimeRange(_micros(self.start, zone), _micros(self.end, zone))
        if found.start >= found.end:
            raise ExportError(f"nothing lies between {self.start} and {self.end}: expected the start to be earlier")
        return found

    def __str__(self) -> str:
        """Return it in words, as it was asked for."""
        return f"{edge_text(self.start)} to {edge_text(self.end)}, the end excluded"


def everything(_: StoredSeries) -> bool:
    """Take every series."""
    return True


@dataclass(frozen=True)
class SeriesScope:
    """Whose and when; of what is empty, every one. ``sees``: which series whoever asks may see."""

    cities: Sequence[str]
    days: DayRange
    sites: Collection[str] = ()
    verticals: Collection[str] = ()
    devices: Collection[str] = ()
    quantities: Collection[str] = ()
    series: Collection[int] = ()
    sees: Callable[[StoredSeries], bool] = everything

    def takes(self, one: StoredSeries) -> bool:
        """Whether a series is asked for."""
        asked: tuple[tuple[object, Collection[object]], ...] = (
            (one.site, self.sites),
            (one.vertical, self.verticals),
            (one.device, self.devices),
            (one.quantity, self.quantities),
            (one.series_id, self.series),
        )
        return all(value in wanted for value, wanted in asked if wanted) and self.sees(one)


def series_of(connection: Connection, scope: SeriesScope) -> list[StoredSeries]:
    """Return the registered series asked for, city by city, in the order of their numbers."""
    found = [
        one for city in scope.cities for one in series.find(connection, [city], SeriesFilters()) if scope.takes(one)
    ]
    if missing := set(scope.series) - {one.series_id for one in found}:
        raise ExportError(f"there is no series {', '.join(map(str, sorted(missing)))} in {', '.join(scope.cities)}")
    return found


def _micros(edge: Edge, zone: str) -> int:
    try:
        return micros(edge, zone)
    except OverflowError as error:
        raise ExportError(f"{edge}: expected a day that begins after the year 1") from error


def edge_text(edge: Edge) -> str:
    """Return a day or an instant as it was asked for."""
    return isoformat(to_micros(edge)) if isinstance(edge, datetime) else edge.isoformat()
