"""Days of what meters counted together beside a factor series: what is kept of them, and the rest from rollups."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from ingest.model.spans import Span, union
from kpi_engine.ports.factor_series import FactorDay
from kpi_engine.ports.hours import hour_edges
from kpi_engine.ports.stored_keys import FactorDayKey
from kpi_engine.sources.days import portions, runs
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.rollups import HourColumns, read_hours
from kpi_engine.windows.source import InputSource
from kpi_engine.windows.stored_amounts import on_grid
from processors.storage.database import Connection

NOTHING: Final = HourColumns()
_STORED: Final = np.dtype("<f8")


def read(
    connection: Connection, keys: Sequence[FactorDayKey], kept: KeptDays | None
) -> Mapping[FactorDayKey, FactorDay]:
    """Return every day asked for."""
    stored = kept.of(keys) if kept else {}
    found = {key: _unpacked(day) for key, day in stored.items()}
    for portion in portions([key for key in keys if key not in found]):
        columns = read_hours(connection, _spans(portion))
        anew = {key: day for run in runs(portion) for key, day in _days(run, columns)}
        if kept:
            kept.add({key: _packed(day) for key, day in anew.items()})
        found |= anew
    return found


def _spans(portion: Sequence[FactorDayKey]) -> dict[int, list[Span]]:
    """Return for each series the spans that hold what is missing, apart and in order."""
    found: dict[int, list[Span]] = {}
    for key in portion:
        for member in key.group.members:
            found.setdefault(member.series_id, []).append((key.start, key.end))
    return {series_id: union(every) for series_id, every in found.items()}


def _days(run: Sequence[FactorDayKey], columns: Mapping[int, HourColumns]) -> Iterator[tuple[FactorDayKey, FactorDay]]:
    """Yield days of one group that follow each other: hourly sums over its meters, one after the other."""
    edges = hour_edges(run[0].start, run[-1].end, run[0].group.zone)
    begins = np.searchsorted(edges, [key.start for key in run])
    amount, estimated = np.zeros(len(edges) - 1), np.zeros(len(run))
    *meters, factor = run[0].group.members
    for meter in meters:
        counted = columns.get(meter.series_id, NOTHING).counted(edges, meter.start, meter.end)
        amount += np.nan_to_num(counted.total)  # what is not known of one meter is told by the sum of its period
        estimated += np.add.reduceat(counted.estimated, begins)
    known = columns.get(factor.series_id, NOTHING)
    factors = on_grid(edges, known.bucket, known.mean)
    places = pairwise([*begins.tolist(), len(edges) - 1])
    for key, (first, last), part in zip(run, places, estimated.tolist(), strict=True):
        yield key, FactorDay(amount[first:last].copy(), factors[first:last].copy(), part)


def _packed(day: FactorDay) -> bytes:
    return np.concatenate([day.amount, day.factor, [day.estimated]]).astype(_STORED).tobytes()


def _unpacked(stored: bytes) -> FactorDay:
    numbers = np.frombuffer(stored, _STORED)
    amount, factor = numbers[:-1].reshape(2, -1)
    return FactorDay(amount, factor, float(numbers[-1]))


SOURCE: Final = InputSource(FactorDayKey, read)
