"""Judgements of readings in the database, and what of the readings must be known to judge; within a transaction.

One row per reading that has a flag. Observations are read and never written.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np

from ingest.model.columns import ColumnTable
from ingest.model.quantities.plausible_change import RULES
from ingest.model.time import from_micros
from processors.steps.columns import Floats, Ints, Mask, Spans
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.rollups.register_extent import Side
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_ROW, _TIME = ColumnType.BIGINT, ColumnType.TIMESTAMP
_MOVED: Final = {Side.BEFORE: SQL["judgements_moved_before"], Side.AFTER: SQL["judgements_moved_after"]}


@dataclass(frozen=True)
class Flagged(ColumnTable):
    """Readings with their flags (``steps.reading_quality.Flag``)."""

    series_id: Ints
    time: Ints
    flags: Ints


@dataclass(frozen=True)
class StandingValues:
    """Values that stood at some time; ``longest``: how far from there it matters how long, in microseconds."""

    series_id: Ints
    at: Ints
    value: Floats
    longest: Ints


class Judgements:
    """Reads and writes what readings are judged to be; remembers which series have flags, as their only writer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._flagged: Ints | None = None

    def may_be_flagged(self, series_id: Ints) -> Mask:
        """Return of which series any reading may be flagged."""
        if self._flagged is None:
            self._flagged = np.array(self.flagged_series(), np.int64)
        return np.isin(series_id, self._flagged)

    def flagged_series(self) -> list[int]:
        """Return the series of which any reading is flagged."""
        return [series for (series,) in self._connection.execute(SQL["judgements_flagged_series"])]

    def stored(self, spans: Spans) -> tuple[Ints, Ints, Ints]:
        """Return row, time and flags of each flagged reading in [start, end) of ``spans``."""
        row, time, flags = read_arrays(
            self._connection, SQL["judgements_stored"], _spans(spans), (_ROW, _TIME, ColumnType.SMALLINT)
        )
        return row.astype(np.int64) - 1, time.astype(np.int64), flags.astype(np.int64)

    def save(self, found: Flagged) -> None:
        """Store flags in place of those that are stored; readings without any have none stored."""
        is_flagged = found.flags != 0
        kept, gone = found.select(is_flagged), found.select(~is_flagged)
        if len(kept):
            given = _times(kept) | {"flags": kept.flags.tolist(), "rules": RULES}
            self._connection.execute(SQL["judgements_save"], given)
            if self._flagged is not None:
                self._flagged = np.union1d(self._flagged, kept.series_id)
        if len(gone):
            self._connection.execute(SQL["judgements_remove"], _times(gone))

    def mark(self, changed: Flagged) -> None:
        """Have what is computed from readings computed again."""
        if len(changed):
            self._connection.execute(SQL["judgements_mark"], _times(changed))

    def moved(self, side: Side, standing: StandingValues) -> Ints:
        """Return to when readings must be known on one side to tell how long each value stood."""
        given = {
            "series": standing.series_id.tolist(),
            "at": _instants(standing.at),
            "value": standing.value.tolist(),
            "longest": [timedelta(microseconds=longest) for longest in standing.longest.tolist()],
        }
        row, time = read_arrays(self._connection, _MOVED[side], given, (_ROW, _TIME))
        return time[np.argsort(row)].astype(np.int64)

    def neighbours(self, spans: Spans) -> tuple[Ints, Ints]:
        """Return the readings before and after each span that figures do not leave out; ABSENT where there is none."""
        row, before, after = read_arrays(
            self._connection, SQL["judgements_neighbours"], _spans(spans), (_ROW, _TIME, _TIME)
        )
        order = np.argsort(row)
        return before[order].astype(np.int64), after[order].astype(np.int64)


def _spans(spans: Spans) -> dict[str, Any]:
    return {"series": spans.series_id.tolist(), "starts": _instants(spans.start), "ends": _instants(spans.end)}


def _times(found: Flagged) -> dict[str, Any]:
    return {"series": found.series_id.tolist(), "times": _instants(found.time)}


def _instants(times: Ints) -> list[Any]:
    return [from_micros(time) for time in times.tolist()]
