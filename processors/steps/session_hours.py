"""Charging sessions in civil hours: what those that begin in an hour come to. Energy [kWh], sessions [1].

A session counts whole where its vehicle was plugged in, so that the shape of its energy within a day is estimated. An
hour is known where it was declared that every session is here: then none means zero. An hour with a session whose
energy nobody knows has no energy, and is not measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.session import ENERGY, Session
from ingest.model.time import SECOND
from processors.steps.columns import ABSENT, Floats, Ints, Mask, Readings, RollupColumns
from processors.steps.rollup import Rollup


@dataclass(frozen=True)
class SessionWindow:
    """A series in [start, end), whose edges are those of civil hours: its sessions, flagged, and the spans declared."""

    quantity: str
    start: int
    end: int
    sessions: Sequence[Session]
    complete: Sequence[tuple[int, int]]


def session_hours(windows: Sequence[SessionWindow], edges: Instants) -> RollupColumns:
    """Return the hours of each window that are known or in which sessions begin; slots are the windows' rows."""
    parts = [_hours(slot, window, edges) for slot, window in enumerate(windows)]
    return RollupColumns(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def watched_spans(readings: Readings, max_gap: Ints) -> list[list[tuple[int, int]]]:
    """Return by slot the spans between readings no further apart than ``max_gap`` (microseconds, by slot)."""
    found: list[list[tuple[int, int]]] = [[] for _ in max_gap]
    if not len(readings):
        return found
    goes_on = (np.diff(readings.slot) == 0) & (np.diff(readings.time) <= max_gap[readings.slot[1:]])
    first = np.flatnonzero(np.concatenate([[True], ~goes_on]))
    last = np.append(first[1:], len(readings)) - 1
    columns = (readings.slot[first], readings.time[first], readings.time[last])
    for slot, begin, end in zip(*(column.tolist() for column in columns), strict=True):
        if end > begin:
            found[slot].append((begin, end))
    return found


def _hours(slot: int, window: SessionWindow, edges: Instants) -> dict[str, Any]:
    first, last = np.searchsorted(edges, (window.start, window.end))
    starts, ends = edges[first:last], edges[first + 1 : last + 1]
    sums = _Sums.of(window, starts)
    declared = _declared(starts, ends, window.complete)
    rows = declared | (sums.count > 0)
    whole = (declared & ~np.isnan(sums.total))[rows]
    bucket, bucket_end = starts[rows], ends[rows]
    covered_from, covered_to = np.where(whole, bucket, ABSENT), np.where(whole, bucket_end, ABSENT)
    known: dict[str, Any] = {
        "slot": np.full(len(bucket), slot),
        "bucket": bucket,
        "bucket_end": bucket_end,
        "count": sums.count[rows],
        "minimum": sums.minimum[rows],
        "maximum": sums.maximum[rows],
        "total": sums.total[rows],
        "integral": np.full(len(bucket), np.nan),
        "estimated": np.nan_to_num(sums.total[rows]) if window.quantity == ENERGY else np.zeros(len(bucket)),
        "measured": np.where(whole, (bucket_end - bucket) / SECOND, 0.0),
        "covered_from": covered_from,
        "covered_to": covered_to,
        "measured_from": covered_from,
        "measured_to": covered_to,
        "first_at": covered_from,  # every session of the hour is known: nothing is missing in it
        "last_at": covered_to,
    }
    nothing = Rollup(0, 0)
    rest = {name: getattr(nothing, name) for name in RollupColumns.__dataclass_fields__ if name not in known}
    return known | {name: np.full(len(bucket), value) for name, value in rest.items()}


@dataclass(frozen=True)
class _Sums:
    """Per hour: sessions that begin in it, and sum and extremes of their amounts; NaN where there is none."""

    count: Ints
    minimum: Floats
    maximum: Floats
    total: Floats

    @classmethod
    def of(cls, window: SessionWindow, starts: Instants) -> "_Sums":
        """Add up the sessions of a window; an hour without any comes to nothing, one with an unknown amount to NaN."""
        hours = len(starts)
        found = cls(np.zeros(hours, np.int64), np.full(hours, np.nan), np.full(hours, np.nan), np.zeros(hours))
        of_hour: dict[int, list[float | None]] = {}
        for session in window.sessions:
            hour = int(np.searchsorted(starts, session.begin, side="right")) - 1
            of_hour.setdefault(hour, []).append(session.amount(window.quantity))
        for hour, amounts in of_hour.items():
            known = [one for one in amounts if one is not None]
            found.count[hour] = len(amounts)
            found.minimum[hour], found.maximum[hour] = min(known, default=np.nan), max(known, default=np.nan)
            found.total[hour] = fsum(known) if len(known) == len(amounts) else np.nan
        return found


def _declared(starts: Instants, ends: Instants, complete: Sequence[tuple[int, int]]) -> Mask:
    """Whether each hour lies within a declared span."""
    found = np.zeros(len(starts), np.bool_)
    for begin, end in complete:
        found |= (starts >= begin) & (ends <= end)
    return found
