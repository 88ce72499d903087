"""Hours computed again from the readings and held against those that are kept, by the worker that keeps them.

It works in a transaction that its caller rolls back: what it would write is what somebody changed behind its back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.spans import Span
from ingest.model.time import DAY, HOUR, from_micros
from processors.rollups.worker import RollupWorker
from processors.steps.columns import Ints, RollupColumns, Spans
from processors.storage.database import Connection
from processors.storage.rollups.rollups import RollupStore
from processors.storage.statements import statements

SQL: Final = statements(__name__)

UNDECIDED: Final = 3 * DAY  # around a reading that no rollup has seen: so far it may decide what others mean


@dataclass(frozen=True)
class AlteredBucket:
    """A bucket (microseconds) of a series that is kept otherwise than readings give it.

    Numbers in the unit of the series: what a register counted or intervals add up to, the mean of a gauge; None where
    there is none, as of a bucket that is not kept, or that readings do not give.
    """

    series_id: int
    period: Period
    start: int
    end: int
    kept: float | None
    given: float | None


@dataclass(frozen=True)
class Recounted:
    """What came out otherwise, and how many hours of series were computed again for it."""

    altered: list[AlteredBucket]
    hours: int


class _Rehearsal(RollupStore):
    """A store that notes what would be written; its transaction is not committed, so nobody is told."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.altered: list[AlteredBucket] = []

    def insert(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Note buckets that are not kept."""
        self._note(table, series_id, period, {}, _numbers(table))
        super().insert(table, series_id, period)

    def replace(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Note buckets that are kept otherwise."""
        if len(table):
            stored = self.rollups(Spans(series_id, table.bucket, table.bucket_end), period)
            keys = zip(stored.slot.tolist(), stored.bucket.tolist(), strict=True)
            kept = dict(zip(keys, _numbers(stored), strict=True))
            self._note(table, series_id, period, kept, _numbers(table))
        super().replace(table, series_id, period)

    def remove(self, table: RollupColumns, series_id: Ints, period: Period) -> None:
        """Note buckets that are kept and that readings do not give."""
        kept = {(row, bucket): number for row, (bucket, number) in enumerate(_rows(table))}
        self._note(table, series_id, period, kept, [None] * len(table))
        super().remove(table, series_id, period)

    def mark(self, changed: Spans, *, is_first: bool) -> None:  # noqa: ARG002 - as the store it stands for
        """Note hours of states, of which there is no number; others are noted as they are written."""
        noted = {one.series_id for one in self.altered}
        columns = (changed.series_id.tolist(), changed.start.tolist(), changed.end.tolist())
        for series_id, start, end in zip(*columns, strict=True):
            if series_id not in noted:
                self.altered.append(AlteredBucket(series_id, Period.HOUR, start, end, None, None))

    def _note(
        self,
        table: RollupColumns,
        series_id: Ints,
        period: Period,
        kept: dict[tuple[int, int], float | None],
        given: Sequence[float | None],
    ) -> None:
        columns = (series_id.tolist(), table.bucket.tolist(), table.bucket_end.tolist())
        for row, (series, start, end, number) in enumerate(zip(*columns, given, strict=True)):
            self.altered.append(AlteredBucket(series, period, start, end, kept.get((row, start)), number))


class Recount:
    """Computes rollups of a catalogue again, as often as it is asked to. Made outside of a transaction."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._connection = connection
        self._store = _Rehearsal(connection)
        self._worker = RollupWorker(self._store, lambda: catalogue)

    def altered(self, spans: Spans) -> Recounted:
        """Compute again what is kept of ``spans``, in the caller's transaction; returns what comes out otherwise.

        What has happened is what the caller sees until it rolls back. Readings that no rollup has seen are left to
        the worker that will see them, with what is around them.
        """
        pending = self._pending(spans) if len(spans) else {}
        spans = _without(spans, pending)
        hours = int((spans.end - spans.start).sum()) // HOUR
        if not len(spans):
            return Recounted([], hours)
        self._store.altered = []
        self._worker.recount(spans)
        columns = (spans.series_id.tolist(), spans.start.tolist(), spans.end.tolist())
        asked: dict[int, list[Span]] = {}
        for series_id, start, end in zip(*columns, strict=True):
            asked.setdefault(series_id, []).append((start, end))
        found = [
            one
            for one in self._store.altered
            if _meets(one, asked.get(one.series_id, ())) and not _meets(one, pending.get(one.series_id, ()))
        ]
        return Recounted(found, hours)

    def _pending(self, spans: Spans) -> dict[int, list[Span]]:
        """Return by series where readings are not rolled up yet, with what is around these, in order."""
        asked = {
            "series": np.unique(spans.series_id).tolist(),
            "margin": timedelta(microseconds=UNDECIDED),
            "first": from_micros(int(spans.start.min())),
            "last": from_micros(int(spans.end.max())),
        }
        pending: dict[int, list[Span]] = {}
        for series_id, start, end in self._connection.execute(SQL["recount_pending"], asked):
            if start < end:
                pending.setdefault(series_id, []).append((start, end))
        return pending

    def readings(self, series_id: int, start: int, end: int, most: int) -> list[tuple[int, float]]:
        """Return the readings of a series in [start, end) that lie farthest from the line between their neighbours.

        Times in microseconds, at most ``most``, the farthest first.
        """
        around = {"series_id": series_id, "start": from_micros(start), "end": from_micros(end)}
        rows = self._connection.execute(SQL["recount_readings"], around).fetchall()
        table = np.array(rows, np.float64).reshape(-1, 2)
        time, value = table[:, 0], table[:, 1]
        away = np.zeros(len(rows))
        if len(rows) > 2:
            share = (time[1:-1] - time[:-2]) / (time[2:] - time[:-2])
            away[1:-1] = np.abs(value[1:-1] - (value[:-2] + share * (value[2:] - value[:-2])))
        order = np.argsort(-away, kind="stable")
        order = order[(time[order] >= start) & (time[order] < end)][:most]
        return [(int(rows[row][0]), float(rows[row][1])) for row in order.tolist()]


def _meets(bucket: AlteredBucket, spans: Sequence[Span]) -> bool:
    return any(start < bucket.end and bucket.start < end for start, end in spans)


def _without(spans: Spans, others: Mapping[int, Sequence[Span]]) -> Spans:
    """Return what is left of spans without some others of their series."""
    columns = (spans.series_id.tolist(), spans.start.tolist(), spans.end.tolist())
    rest = [
        (series_id, *left)
        for series_id, start, end in zip(*columns, strict=True)
        for left in _outside((start, end), others.get(series_id, ()))
    ]
    return Spans(*np.array(rest, np.int64).reshape(-1, 3).T)


def _outside(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """Yield what of a span lies in none of some others, which are in order."""
    at, end = span
    for first, last in others:
        if at < min(first, end):
            yield at, min(first, end)
        at = max(at, last)
    if at < end:
        yield at, end


def _rows(table: RollupColumns) -> list[tuple[int, float | None]]:
    return list(zip(table.bucket.tolist(), _numbers(table), strict=True))


def _numbers(table: RollupColumns) -> list[float | None]:
    """Return what a bucket comes to: an amount, or the mean of what is known of it."""
    known = table.weighted > 0
    mean = np.full(len(table), np.nan)
    np.divide(table.integral, table.weighted, out=mean, where=known)
    found = np.where(np.isnan(table.total), mean, table.total)
    return [None if np.isnan(one) else one for one in found.tolist()]
