"""Charging sessions in civil hours: what those that begin in an hour come to. Energy [kWh], sessions [1].

A session counts whole where its vehicle was plugged in, so that the shape of its energy within a day is estimated. An
hour is known where it was declared that every session is here: then none means zero. A session whose energy nobody
knows counts the least it can have been, and what it may have been beyond that bounds the hour from above.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

import numpy as np

from ingest.model.calendar import Instants
from ingest.model.session import ENERGY, Session
from ingest.model.time import SECOND
from processors.steps.columns import ABSENT, Floats, Ints, Mask, Readings, RollupColumns, at_least
from processors.steps.rollup import Rollup


@dataclass(frozen=True)
class SeriesOfSessions:
    """A series in [start, end), whose edges are those of civil hours: its sessions, flagged, and the spans declared."""

    quantity: str
    start: int
    end: int
    sessions: Sequence[Session]
    complete: Sequence[tuple[int, int]]


def session_hours(windows: Sequence[SeriesOfSessions], edges: Instants) -> RollupColumns:
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


def _hours(slot: int, window: SeriesOfSessions, edges: Instants) -> dict[str, Any]:
    first, last = np.searchsorted(edges, (window.start, window.end))
    starts, ends = edges[first:last], edges[first + 1 : last + 1]
    sums = _Sums.of(window, starts)
    declared = _declared(starts, ends, window.complete)
    rows = declared | (sums.count > 0)
    whole = declared[rows]
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
        "estimated": sums.total[rows] if window.quantity == ENERGY else np.zeros(len(bucket)),
        "doubt_below": sums.below[rows],
        "doubt_above": sums.above[rows],
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
    """Per hour: sessions that begin in it, sum and extremes of their amounts, and how much less and more it may be.

    NaN where there are none, or nothing is in doubt.
    """

    count: Ints
    minimum: Floats
    maximum: Floats
    total: Floats
    below: Floats
    above: Floats

    @classmethod
    def of(cls, window: SeriesOfSessions, starts: Instants) -> "_Sums":
        """Add up the sessions of a window; an hour without any comes to nothing."""
        hours = len(starts)
        unknown = [np.full(hours, np.nan) for _ in range(4)]
        found = cls(np.zeros(hours, np.int64), unknown[0], unknown[1], np.zeros(hours), unknown[2], unknown[3])
        of_hour: dict[int, list[Session]] = {}
        for session in window.sessions:
            hour = int(np.searchsorted(starts, session.begin, side="right")) - 1
            of_hour.setdefault(hour, []).append(session)
        for hour, sessions in of_hour.items():
            amounts = [one.amount(window.quantity) for one in sessions]
            between = [one.between(window.quantity) for one in sessions]
            known = [one for one in amounts if one is not None]
            counted = [lower if one is None else one for one, (lower, _) in zip(amounts, between, strict=True)]
            found.count[hour] = len(sessions)
            found.minimum[hour], found.maximum[hour] = min(known, default=np.nan), max(known, default=np.nan)
            found.total[hour] = fsum(counted)
            found.below[hour] = fsum(one - lower for one, (lower, _) in zip(counted, between, strict=True)) or np.nan
            found.above[hour] = fsum(upper - one for one, (_, upper) in zip(counted, between, strict=True)) or np.nan
        # As single precision keeps them; less than nothing was never delivered.
        return replace(found, below=-at_least(-found.below), above=at_least(found.above))


def _declared(starts: Instants, ends: Instants, complete: Sequence[tuple[int, int]]) -> Mask:
    """Whether each hour lies within a declared span."""
    found = np.zeros(len(starts), np.bool_)
    for begin, end in complete:
        found |= (starts >= begin) & (ends <= end)
    return found
