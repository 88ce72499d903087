"""Days of hours of groups of series, as ports of hours ask for them, and the days that are kept for the next time.

A late reading costs one day of a year. What is kept is named by a digest of everything but readings that decides it,
and forgotten where hours changed; no figure depends on it. Days are read a stretch at a time: memory is bounded.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants, Period, floor, following
from ingest.model.observation import FloatColumn
from ingest.model.reading import ReadingKind
from ingest.model.spans import Span, union
from ingest.model.time import HOUR, SECOND, from_micros
from kpi_engine.ports.hours import ROWS, hour_edges
from kpi_engine.ports.stored_keys import DayKey, LampDayKey, Member
from kpi_engine.source import InputSource
from kpi_engine.stored_amounts import on_grid
from kpi_engine.window import KNOWN_FROM
from processors.steps.hour_bounds import AmountColumns, fastest, hour_bounds
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

Table = npt.NDArray[np.float64]  # ROWS x hours
KeyT = TypeVar("KeyT", DayKey, LampDayKey)


def read(connection: Connection, keys: Sequence[DayKey], keeps: bool) -> Mapping[DayKey, Table]:
    """Return the hours of every day asked for: what is kept, and the rest from the rollups."""
    stored = kept(connection, keys) if keeps else {}
    found = {key: np.frombuffer(hours, _STORED).reshape(ROWS, -1) for key, hours in stored.items()}
    for portion in portions([key for key in keys if key not in found]):
        hours = read_hours(connection, portion)
        anew = {key: table for run in _runs(portion) for key, table in _days(run, hours)}
        if keeps:
            keep(connection, {key: table.astype(_STORED).tobytes() for key, table in anew.items()})
        found |= anew
    return found


def forget(connection: Connection, changed: Iterable[tuple[str, Span]]) -> None:
    """Forget the days of groups, by digest, that overlap spans [start, end) in which something changed."""
    if rows := list(set(changed)):
        parameters = {
            "digests": [digest for digest, _ in rows],
            "starts": [from_micros(start) for _, (start, _) in rows],
            "ends": [from_micros(end) for _, (_, end) in rows],
        }
        connection.execute(SQL["group_days_forget"], parameters)


def define(connection: Connection, digests: Collection[str]) -> None:
    """Forget the days of groups that nobody asks for any more."""
    connection.execute(SQL["group_days_define"], {"digests": list(digests)})


def kept(connection: Connection, keys: Sequence[KeyT]) -> dict[KeyT, bytes]:
    """Return what is kept of days."""
    by_day = {(key.group.digest, key.start, key.end): key for key in keys}
    parameters = {
        "digests": [digest for digest, *_ in by_day],
        "starts": [from_micros(start) for _, start, _ in by_day],
        "ends": [from_micros(end) for *_, end in by_day],
    }
    rows = connection.execute(SQL["group_days_kept"], parameters, binary=True)
    return {by_day[digest, start, end]: hours for digest, start, end, hours in rows}


def keep(connection: Connection, found: Mapping[KeyT, bytes]) -> None:
    """Keep those days that are whole."""
    days = {key: hours for key, hours in found.items() if _is_whole(key)}
    parameters = {
        "digests": [key.group.digest for key in days],
        "starts": [from_micros(key.start) for key in days],
        "ends": [from_micros(key.end) for key in days],
        "hours": list(days.values()),
    }
    if days:
        connection.execute(SQL["group_days_keep"], parameters)


def _is_whole(key: DayKey | LampDayKey) -> bool:
    zone = key.group.zone
    return floor(key.start, Period.DAY, zone) == key.start and following(key.start, Period.DAY, zone) == key.end


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


def read_hours(connection: Connection, portion: Sequence[KeyT]) -> dict[int, tuple[AmountColumns, Table]]:
    """Return the stored hours of each series of days: as amounts, and as mean, least and greatest level."""
    spans: dict[int, list[Span]] = {}
    for key in portion:
        for member in key.group.members:
            spans.setdefault(member.series_id, []).append((key.start, key.end))
    return _hours(connection, {series: union(every) for series, every in spans.items()})


def _hours(connection: Connection, spans: Mapping[int, Sequence[Span]]) -> dict[int, tuple[AmountColumns, Table]]:
    parameters = {
        "series": [series for series, every in spans.items() for _ in every],
        "starts": [start for every in spans.values() for start, _ in every],
        "ends": [end for every in spans.values() for _, end in every],
        "known_from": KNOWN_FROM,
    }
    columns: list[Any] = read_arrays(connection, SQL["hours_of_series"], parameters, (_ID, *_AMOUNTS, *_LEVELS))
    series, *rest = columns
    ids, begins = np.unique(series, return_index=True)
    found = {}
    for one, (begin, end) in zip(ids.tolist(), pairwise([*begins.tolist(), len(series)]), strict=True):
        part = [column[begin:end] for column in rest]
        found[one] = AmountColumns(*part[: len(_AMOUNTS)]), np.stack(part[len(_AMOUNTS) :]).astype(np.float64)
    return found


def _runs(portion: Iterable[DayKey]) -> Iterator[list[DayKey]]:
    """Yield the days of each group that follow each other: what they hold is put together at once."""
    run: list[DayKey] = []
    for key in sorted(portion, key=lambda key: (key.group.digest, key.start)):
        if run and (run[-1].group.digest, run[-1].end) != (key.group.digest, key.start):
            yield run
            run = []
        run.append(key)
    if run:
        yield run


def _days(run: Sequence[DayKey], stored: Mapping[int, tuple[AmountColumns, Table]]) -> Iterator[tuple[DayKey, Table]]:
    """Yield each day of a run: sums over the members of its group, or of gauges the mean over those that stand."""
    group = run[0].group
    edges = hour_edges(run[0].start, run[-1].end, group.zone)
    begins = np.searchsorted(edges, [key.start for key in run])
    tables = [_of_member(one, edges, begins, stored) for one in group.members]
    stands = [(edges[:-1] >= one.start) & (edges[:-1] < one.end) for one in group.members]
    if group.is_gauge:
        whole = _mean(tables, stands)
    else:
        whole = np.zeros((ROWS, len(edges) - 1))
        for table, counts in zip(tables, stands, strict=True):
            whole += np.where(counts, table, 0.0)
    for key, (first, last) in zip(run, pairwise([*begins.tolist(), len(edges) - 1]), strict=True):
        yield key, whole[:, first:last].copy()


def _mean(tables: Sequence[Table], stands: Sequence[npt.NDArray[np.bool_]]) -> Table:
    """Return the mean over what is known of the gauges that stand in each hour; NaN where none is known."""
    known = [counts & ~np.isnan(table[0]) for table, counts in zip(tables, stands, strict=True)]
    count = np.sum(known, axis=0)
    summed = sum(np.where(one, table, 0.0) for one, table in zip(known, tables, strict=True))
    mean = np.where(count > 0, summed / np.maximum(count, 1), np.nan)
    return np.asarray(np.where(np.isnan(mean), np.array([[np.nan], [-np.inf], [np.inf]]), mean))


def _of_member(
    one: Member, edges: Instants, begins: Instants, stored: Mapping[int, tuple[AmountColumns, Table]]
) -> Table:
    """Return the hours of a member; at ``begins`` among them begin days, each of which has a rate of its own."""
    seconds = np.diff(edges) / SECOND
    lengths = np.diff([*begins, len(seconds)])
    if one.series_id not in stored:
        nothing: FloatColumn = np.full(len(seconds), np.nan)
        return np.stack([nothing, *_unknown(one, seconds, np.full(len(seconds), np.inf))])
    hours, levels = stored[one.series_id]
    first, last = np.searchsorted(hours.bucket, edges[[0, -1]])
    bucket = hours.bucket[first:last]
    if one.kind is ReadingKind.GAUGE:
        return np.stack([on_grid(edges, bucket, row[first:last]) for row in levels])
    mine = AmountColumns(*(column[first:last] for column in vars(hours).values()))
    day = np.searchsorted(edges[begins], bucket, side="right") - 1
    rates = np.full(len(begins), one.rate) if isfinite(one.rate) else fastest(mine, day, len(begins))
    is_register = one.kind is ReadingKind.REGISTER
    lower, upper = hour_bounds(mine, rates[day], is_register=is_register, is_net=one.is_net)
    is_known = ~np.isnan(mine.total) & (mine.known >= KNOWN_FROM * mine.seconds)
    value = on_grid(edges, bucket, np.where(is_known, mine.total, np.nan))
    least, most = _unknown(one, seconds, np.repeat(rates, lengths))
    low, high = on_grid(edges, bucket, lower), on_grid(edges, bucket, upper)
    return np.stack([value, np.where(np.isnan(low), least, low), np.where(np.isnan(high), most, high)])


def _unknown(one: Member, seconds: FloatColumn, rate: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    """Return between what an hour lies of which nothing is stored."""
    rate = np.full(len(rate), one.rate) if isfinite(one.rate) else rate
    most = rate * seconds * SECOND / HOUR
    return (-most if one.is_net else np.zeros(len(seconds))), most


SOURCE: Final = InputSource(DayKey, read)
