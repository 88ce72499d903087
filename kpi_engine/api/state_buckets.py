"""Time by state of one series in civil buckets: as it was kept, years from months, quarter hours from the readings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from ingest.model.calendar import Instants
from ingest.model.time import SECOND, from_micros
from kpi_engine.api.fetching import fetch
from kpi_engine.api.quarter_hours import readings_around
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
    time, value, _ = readings_around(connection, series, int(bounds[0]), int(bounds[-1]))
    if not len(time):
        return {}
    readings = Readings(np.zeros(len(time), np.int64), time, value)
    # One bucket on either side takes what the neighbours outside of the range say about times outside of it.
    edges = np.concatenate([[min(bounds[0], time[0]) - 1], bounds, [max(bounds[-1], time[-1]) + 1]])
    window = Spans(np.array([series.series_id]), bounds[:1], bounds[-1:])
    table = state_durations(readings, window, np.array([series.max_gap]), edges)
    columns = (table.bucket, table.state, table.duration, table.count)
    return _added_up((_Part(*row) for row in zip(*(column.tolist() for column in columns), strict=True)), bounds)


def with_states(
    buckets: pl.DataFrame, times: Mapping[int, StateTime], series: StoredSeries, bounds: Instants
) -> pl.DataFrame:
    """Return the ``buckets`` between ``bounds`` with what is known of a series of states in them."""
    none = StateTime()
    found = [times.get(start, none) for start in bounds[:-1].tolist()]
    states = series.definition.states
    known, length = np.array([time.known for time in found]), np.diff(bounds) / SECOND
    count = np.array([time.count for time in found], np.int64)
    return buckets.with_columns(
        pl.Series("count", count),
        pl.Series("count_coverage", count) / pl.col("expected_count"),
        pl.Series("coverage", known / length),
        pl.Series("measured_share", known / length),
        pl.Series("unknown_share", np.maximum(0.0, 1 - known / length)),
        pl.lit(None, pl.Float64).alias("longest_gap_s"),
        pl.Series("states", [time.by_name(states) for time in found], pl.Struct(dict.fromkeys(states, pl.Float64))),
        pl.Series("unknown_s", length - known),
    )


def _added_up(parts: Iterable[_Part], bounds: Instants) -> Mapping[int, StateTime]:
    found: dict[int, StateTime] = defaultdict(StateTime)
    for part in parts:
        whole = found[int(bounds[np.searchsorted(bounds, part.bucket, side="right") - 1])]
        whole.held[part.state] += part.duration
        whole.count += part.count
    return found
