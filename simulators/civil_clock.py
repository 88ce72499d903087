"""Civil time of many instants in a city's zone, and back."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.time import DAY, HOUR, MINUTE, from_micros, to_micros
from simulators.noise import FloatColumn, IntColumn

_SLOT = 30 * MINUTE  # offsets change on half hours at the finest (Lord Howe)
_THURSDAY = 3  # 1 January 1970, counted from Monday


def local(times: IntColumn, zone: str) -> IntColumn:
    """Return ``times`` shifted by the zone's UTC offset: microseconds on the wall clock."""
    if not len(times):
        return times
    first, last = (from_micros(int(edge)).year for edge in (times.min(), times.max()))
    since, offset = _offsets(zone, first, last)
    return np.asarray(times + offset[np.searchsorted(since, times, side="right") - 1])


def instants(wall: IntColumn, zone: str) -> IntColumn:
    """Return when the zone's clock shows ``wall``: the first time, where it does so twice.

    A time that the clock leaves out when it is put forward is reckoned as if it had not been put forward yet.
    """
    midnight = wall - wall % DAY
    before, after = (local(far, zone) - far for far in (midnight - DAY, midnight + 2 * DAY))
    result = np.asarray(wall - before)
    changing = np.flatnonzero(before != after)
    late = (wall - after)[changing]
    early_wall, late_wall = local(result[changing], zone), local(late, zone)
    is_late = (late_wall == wall[changing]) & (early_wall != wall[changing])
    result[changing[is_late]] = late[is_late]
    return result


def hour_of_day(wall: IntColumn) -> FloatColumn:
    """Return hours since midnight, 0 to 24, of wall-clock times."""
    return np.asarray(wall % DAY / HOUR)


def is_weekend(wall: IntColumn) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which wall-clock times lie on a Saturday or Sunday."""
    return np.asarray((wall // DAY + _THURSDAY) % 7 >= 5)


@lru_cache(maxsize=256)
def _offsets(zone: str, first: int, last: int) -> tuple[IntColumn, IntColumn]:
    """Return since when which UTC offset holds, from the beginning of one year to the end of another (UTC)."""
    begin, end = (to_micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (first, last + 1))
    days = np.arange(begin, end + DAY, DAY)
    changing = days[:-1][np.diff(_offset(days, zone)) != 0]  # no zone changes twice within a day
    since = np.concatenate([[begin], *(np.arange(day, day + DAY, _SLOT) + _SLOT for day in changing)])
    return since, _offset(since, zone)


def _offset(times: IntColumn, zone: str) -> IntColumn:
    civil = (from_micros(time).astimezone(ZoneInfo(zone)).replace(tzinfo=UTC) for time in times.tolist())
    return np.fromiter(map(to_micros, civil), np.int64, len(times)) - times
