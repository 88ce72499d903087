"""Hours of groups of series, as ports of hours ask for them: what is kept of their days, and the rest from rollups.

They are read a stretch at a time: memory is bounded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from ingest.model.reading import ReadingKind
from ingest.model.spans import Span, union
from ingest.model.time import HOUR
from kpi_engine.ports.hours import ROWS
from kpi_engine.ports.stored_keys import HourGroup, HoursKey, KeptDayKey
from kpi_engine.windows.day_layout import layout
from kpi_engine.windows.group_hours import (
    MemberColumns,
    StoredHours,
    Table,
    hours_of_members,
    joined,
    members_of,
    summed_hours,
)
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.kept_hours import HourStretch, WantedHours
from kpi_engine.windows.sent_hours import read_stored_hours
from kpi_engine.windows.source import InputSource
from kpi_engine.windows.stored_amounts import on_grid
from processors.steps.columns import Ints, Mask
from processors.storage.database import Connection

HOURS_AT_ONCE: Final = 100_000  # hours of single series
_DAY_HOURS: Final = 24

KeyT = TypeVar("KeyT", bound=KeptDayKey)


def read(connection: Connection, keys: Sequence[HoursKey], kept: KeptDays | None) -> Mapping[HoursKey, Table]:
    """Return the hours of every stretch asked for: what is kept of its days, and the rest from the rollups."""
    wanted = [WantedHours.of(key) for key in keys]
    if kept:
        kept.hours.fill(wanted)
    lacking = [one for one in wanted if one.lacks.any()]
    found: dict[str, list[HourStretch]] = {}
    for portion in portions(_missing(lacking)):
        hours = read_hours(connection, portion)
        for stretch in (one for batch in _batches(portion) for one in _stretches(batch, hours)):
            found.setdefault(stretch.group.digest, []).append(stretch)
            if kept:
                kept.hours.add(stretch)
    for one in lacking:
        for stretch in found[one.key.group.digest]:
            one.take(stretch)
    return {one.key: one.table for one in wanted}


def _missing(lacking: Iterable[WantedHours]) -> list[HoursKey]:
    """Return the days that are lacking, those that follow each other as one, but never more than a portion."""
    by_group: dict[str, list[WantedHours]] = {}
    for one in lacking:
        by_group.setdefault(one.key.group.digest, []).append(one)
    found: list[HoursKey] = []
    for every in by_group.values():
        group = every[0].key.group
        most = max(1, HOURS_AT_ONCE // (_DAY_HOURS * max(1, len(group.members))))
        for days in _runs(every):
            found += [
                HoursKey(group, int(days[at, 0]), int(days[min(at + most, len(days)) - 1, 1]))
                for at in range(0, len(days), most)
            ]
    return found


def _runs(every: Sequence[WantedHours]) -> Iterator[Ints]:
    """Yield begins and ends of days of one group that follow each other, each of them once."""
    spans = [np.stack([one.layout.days[:-1], one.layout.days[1:]], axis=1)[one.lacks] for one in every]
    days = spans[0] if len(spans) == 1 else np.unique(np.concatenate(spans), axis=0)
    yield from np.split(days, np.flatnonzero(days[1:, 0] != days[:-1, 1]) + 1)


def portions(missing: Sequence[KeyT]) -> Iterator[list[KeyT]]:
    """Yield stretches of time with about HOURS_AT_ONCE hours of single series."""
    portion: list[KeyT] = []
    size = 0
    for one in sorted(missing, key=lambda key: (key.start, key.group.digest)):
        portion.append(one)
        size += (one.end - one.start) // HOUR * len(one.group.members)
        if size >= HOURS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def read_hours(connection: Connection, portion: Sequence[KeyT]) -> StoredHours:
    """Return the stored hours of each series of stretches."""
    asked: dict[int, list[Span]] = {}
    for key in portion:
        for member in key.group.members:
            asked.setdefault(member.series_id, []).append((key.start, key.end))
    rows = [(series, start, end) for series in sorted(asked) for start, end in union(asked[series])]
    ids, starts, ends = np.array(rows, np.int64).reshape(-1, 3).T
    return read_stored_hours(connection, ids, starts, ends)


def _batches(portion: Iterable[HoursKey]) -> Iterable[list[HoursKey]]:
    """Return the stretches of a portion that are of the same time: their meters are put side by side."""
    found: dict[tuple[int, int, str], list[HoursKey]] = {}
    for key in portion:
        found.setdefault((key.start, key.end, key.group.zone), []).append(key)
    return found.values()


def _stretches(batch: Sequence[HoursKey], stored: StoredHours) -> Iterator[HourStretch]:
    """Yield each stretch of one time: sums over the members of its group, or of gauges the mean over them."""
    days = layout(batch[0].start, batch[0].end, batch[0].group.zone)
    groups = [key.group for key in batch]
    for group, table in zip(groups, _hours_of(groups, days.hours, days.begins[:-1], stored), strict=True):
        yield HourStretch(group, days, table)


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


SOURCE: Final = InputSource(HoursKey, read)
