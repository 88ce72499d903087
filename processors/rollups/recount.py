"""Hours computed again from the readings and held against those that are kept, by the worker that keeps them.

It works in a transaction that its caller rolls back: what it would write is what somebody changed behind its back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.calendar import Period
from ingest.model.catalogue import Catalogue
from ingest.model.spans import Span
from ingest.model.time import DAY, from_micros
from processors.rollups.worker import RollupWorker
from processors.steps.columns import Ints, RollupColumns, Spans
from processors.storage.database import Connection
from processors.storage.rollups.rollups import RollupStore
from processors.storage.statements import statements

SQL: Final = statements(__name__)

UNDECIDED: Final = 3 * DAY  # before a reading that no rollup has seen: so far back it may decide what others mean


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

    def altered(self, spans: Spans) -> list[AlteredBucket]:
        """Compute again what is kept of ``spans``, in the caller's transaction; returns what comes out otherwise.

        What has happened is what the caller sees until it rolls back. Readings that no rollup has seen are left to
        the worker that will see them, with three days before them.
        """
        if not len(spans := self._settled(spans)):
            return []
        self._store.altered = []
        self._worker.recount(spans)
        columns = (spans.series_id.tolist(), spans.start.tolist(), spans.end.tolist())
        asked: dict[int, list[Span]] = {}
        for series_id, start, end in zip(*columns, strict=True):
            asked.setdefault(series_id, []).append((start, end))
        return [
            one
            for one in self._store.altered
            if any(start < one.end and one.start < end for start, end in asked.get(one.series_id, ()))
        ]

    def _settled(self, spans: Spans) -> Spans:
        """Return the spans up to where readings are not being rolled up, or are about to be."""
        asked = {"series": np.unique(spans.series_id).tolist()}
        end = spans.end.copy()
        for series_id, since in self._connection.execute(SQL["recount_pending"], asked):
            rows = spans.series_id == series_id
            end[rows] = np.minimum(end[rows], since - UNDECIDED)
        return Spans(spans.series_id, spans.start, end).select(spans.start < end)

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


def _rows(table: RollupColumns) -> list[tuple[int, float | None]]:
    return list(zip(table.bucket.tolist(), _numbers(table), strict=True))


def _numbers(table: RollupColumns) -> list[float | None]:
    """Return what a bucket comes to: an amount, or the mean of what is known of it."""
    known = table.weighted > 0
    mean = np.full(len(table), np.nan)
    np.divide(table.integral, table.weighted, out=mean, where=known)
    found = np.where(np.isnan(table.total), mean, table.total)
    return [None if np.isnan(one) else one for one in found.tolist()]
