"""Time by state of one series in civil buckets: as it was kept, years from months, quarter hours from the readings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.time import SECOND, from_micros
from kpi_engine.api import quarter_hours
from kpi_engine.api.database import fetch
from kpi_engine.api.series import StoredSeries
from processors.steps.columns import Readings, Spans
from processors.steps.states import state_durations
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass
class StateTime:
    """What is known of one bucket: microseconds by state, and how many readings there were."""

    held: Counter[int] = field(default_factory=Counter)
    count: int = 0

    @property
    def known(self) -> float:
        """Seconds in any state."""
        return self.held.total() / SECOND

    def by_name(self, states: tuple[str, ...]) -> dict[str, float]:
        """Return the seconds in each of ``states``, by name."""
        return {name: self.held[code] / SECOND for code, name in enumerate(states)}


@dataclass(frozen=True)
class _Part:
    bucket: int
    state: int
    duration: int
    count: int


def stored(connection: Connection, series: StoredSeries, period: str, bounds: Instants) -> Mapping[int, StateTime]:
    """Return what the buckets between ``bounds`` are made of, by their begin; parts of ``period`` were kept."""
    scope = {"period": period, "series_id": series.series_id}
    parts = fetch(
        connection,
        _Part,
        SQL["api_state_durations"],
        **scope,
        start=from_micros(bounds[0]),
        end=from_micros(bounds[-1]),
    )
    return _added_up(parts, bounds)


def from_readings(connection: Connection, series: StoredSeries, bounds: Instants) -> Mapping[int, StateTime]:
    """Return the same of buckets that nobody keeps."""
    scope = {"series_id": series.series_id, "start": from_micros(bounds[0]), "end": from_micros(bounds[-1])}
    rows = connection.execute(quarter_hours.SQL["api_readings_around"], scope).fetchall()
    time = np.array([row[0] for row in rows], np.int64)
    value = np.array([row[1] for row in rows], np.float64)
    if not len(time):
        return {}
    readings = Readings(np.zeros(len(time), np.int64), time, value)
    # One bucket on either side takes what the neighbours outside of the range say about times outside of it.
    edges = np.concatenate([[min(bounds[0], time[0]) - 1], bounds, [max(bounds[-1], time[-1]) + 1]])
    window = Spans(np.array([series.series_id]), bounds[:1], bounds[-1:])
    table = state_durations(readings, window, np.array([series.max_gap]), edges)
    columns = (table.bucket, table.state, table.duration, table.count)
    return _added_up((_Part(*row) for row in zip(*(column.tolist() for column in columns), strict=True)), bounds)


def _added_up(parts: Iterable[_Part], bounds: Instants) -> Mapping[int, StateTime]:
    found: dict[int, StateTime] = defaultdict(StateTime)
    for part in parts:
        whole = found[int(bounds[np.searchsorted(bounds, part.bucket, side="right") - 1])]
        whole.held[part.state] += part.duration
        whole.count += part.count
    return found
