"""Days of hours of groups of series, as ports of hours ask for them: what is kept of them, and the rest from rollups.

Days are read a stretch at a time: memory is bounded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from ingest.model.reading import ReadingKind
from ingest.model.spans import Span, union
from kpi_engine.ports.hours import ROWS, hour_edges
from kpi_engine.ports.stored_keys import DayKey, HourGroup
from kpi_engine.window import KNOWN_FROM
from kpi_engine.windows.group_hours import (
    MemberColumns,
    StoredHours,
    Table,
    hours_of_members,
    joined,
    members_of,
    summed_hours,
)
from kpi_engine.windows.kept_days import KeptDays, KeyT
from kpi_engine.windows.source import InputSource
from kpi_engine.windows.stored_amounts import on_grid
from processors.steps.columns import Ints, Mask
from processors.steps.hour_bounds import AmountColumns
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

HOURS_AT_ONCE: Final = 100_000  # hours of single series
_DAY_HOURS: Final = 24
_STORED: Final = np.dtype("<f8")
_ID, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_AMOUNTS: Final = (_TIME, _TIME, _NUMBER, _NUMBER, _TIME, _TIME, _NUMBER, _TIME, _TIME, *[_NUMBER] * 6)
_LEVELS: Final = (_NUMBER, _NUMBER, _NUMBER)


def read(connection: Connection, keys: Sequence[DayKey], kept: KeptDays | None) -> Mapping[DayKey, Table]:
    """Return the hours of every day asked for: what is kept, and the rest from the rollups."""
    stored = kept.of(keys) if kept else {}
    found = {key: np.frombuffer(hours, _STORED).reshape(ROWS, -1) for key, hours in stored.items()}
    for portion in portions([key for key in keys if key not in found]):
        hours = read_hours(connection, portion)
        anew = {key: table for batch in _batches(portion) for key, table in _days(batch, hours)}
        if kept:
            kept.add({key: table.astype(_STORED).tobytes() for key, table in anew.items()})
        found |= anew
    return found


def portions(missing: Sequence[KeyT]) -> Iterator[list[KeyT]]:
    """Yield stretches of time with about HOURS_AT_ONCE hours of single series."""
    portion: list[KeyT] = []
    size = 0
    for one in sorted(missing, key=lambda key: (key.start, key.group.digest)):
        portion.append(one)
        size += _DAY_HOURS * len(one.group.members)
        if size >= HOURS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def read_hours(connection: Connection, portion: Sequence[KeyT]) -> StoredHours:
    """Return the stored hours of each series of days."""
    asked: dict[int, list[Span]] = {}
    for key in portion:
        for member in key.group.members:
            asked.setdefault(member.series_id, []).append((key.start, key.end))
    spans = {series: union(every) for series, every in asked.items()}
    rows = [(series, start, end) for series, every in spans.items() for start, end in every]
    ids, starts, ends = np.array(rows, np.int64).reshape(-1, 3).T
    parameters = {"series": ids, "starts": starts, "ends": ends, "known_from": KNOWN_FROM}
    columns: list[Any] = read_arrays(connection, SQL["hours_of_series"], parameters, (_ID, *_AMOUNTS, *_LEVELS))
    found, *rest = columns
    amounts, levels = rest[: len(_AMOUNTS)], rest[len(_AMOUNTS) :]
    return StoredHours(found.astype(np.int64), AmountColumns(*amounts), np.stack(levels).astype(np.float64))


def runs(portion: Iterable[KeyT]) -> Iterator[list[KeyT]]:
    """Yield the days of each group that follow each other: what they hold is put together at once."""
    run: list[KeyT] = []
    for key in sorted(portion, key=lambda key: (key.group.digest, key.start)):
        if run and (run[-1].group.digest, run[-1].end) != (key.group.digest, key.start):
            yield run
            run = []
        run.append(key)
    if run:
        yield run


def _batches(portion: Iterable[DayKey]) -> Iterable[list[list[DayKey]]]:
    """Return the runs of a portion, those of the same stretch of time together: their meters are put side by side."""
    found: dict[tuple[int, int, str], list[list[DayKey]]] = {}
    for run in runs(portion):
        found.setdefault((run[0].start, run[-1].end, run[0].group.zone), []).append(run)
    return found.values()


def _days(batch: Sequence[Sequence[DayKey]], stored: StoredHours) -> Iterator[tuple[DayKey, Table]]:
    """Yield each day of runs of one stretch: sums over the members of its group, or of gauges the mean over them."""
    run = batch[0]
    edges = hour_edges(run[0].start, run[-1].end, run[0].group.zone)
    begins = np.searchsorted(edges, [key.start for key in run])
    places = list(pairwise([*begins.tolist(), len(edges) - 1]))
    groups = [run[0].group for run in batch]
    for run, whole in zip(batch, _hours_of(groups, edges, begins, stored), strict=True):
        yield from ((key, whole[:, first:last].copy()) for key, (first, last) in zip(run, places, strict=True))


def _hours_of(groups: Sequence[HourGroup], edges: Instants, begins: Ints, stored: StoredHours) -> Iterator[Table]:
    """Yield the hours of each group."""
    summed = [members_of(group) for group in groups if not group.is_gauge]
    every = hours_of_members(joined(summed), edges, stored, begins) if summed else np.empty((0, ROWS, len(edges) - 1))
    first = 0
    for group in groups:
        members = members_of(group)
        stands = (edges[:-1] >= members.start[:, np.newaxis]) & (edges[:-1] < members.end[:, np.newaxis])
        if group.is_gauge:
            yield _levels_of(group, members, edges, begins, stored, stands)
        else:
            yield summed_hours(every[first : first + len(members.ids)], stands)
            first += len(members.ids)


def _levels_of(  # noqa: PLR0913, PLR0917 - what hours are made of
    group: HourGroup, members: MemberColumns, edges: Instants, begins: Ints, stored: StoredHours, stands: Mask
) -> Table:
    """Return the mean over the gauges of a group that stand in each hour."""
    is_level = [one.kind is ReadingKind.GAUGE for one in group.members]
    others = None if all(is_level) else hours_of_members(members, edges, stored, begins)
    tables = [
        _levels(one.series_id, edges, stored) if others is None or is_level[place] else others[place]
        for place, one in enumerate(group.members)
    ]
    return _mean(tables, list(stands))


def _mean(tables: Sequence[Table], stands: Sequence[npt.NDArray[np.bool_]]) -> Table:
    """Return the mean over what is known of the gauges that stand in each hour; NaN where none is known."""
    known = [counts & ~np.isnan(table[0]) for table, counts in zip(tables, stands, strict=True)]
    count = np.sum(known, axis=0)
    summed = sum(np.where(one, table, 0.0) for one, table in zip(known, tables, strict=True))
    mean = np.where(count > 0, summed / np.maximum(count, 1), np.nan)
    return np.asarray(np.where(np.isnan(mean), np.array([[np.nan], [-np.inf], [np.inf]]), mean))


def _levels(series_id: int, edges: Instants, stored: StoredHours) -> Table:
    """Return the hours of a gauge: mean, least and greatest, NaN where not known."""
    if series_id not in stored:
        unknown = np.full(len(edges) - 1, np.nan)
        return np.stack([unknown, np.zeros(len(unknown)), np.full(len(unknown), np.inf)])
    hours, levels = stored[series_id]
    first, last = np.searchsorted(hours.bucket, edges[[0, -1]])
    bucket = hours.bucket[first:last]
    return np.stack([on_grid(edges, bucket, row[first:last]) for row in levels])


SOURCE: Final = InputSource(DayKey, read)
