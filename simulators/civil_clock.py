"""What the clock on the wall says: many instants in a city's zone, and back."""

from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from ingest.model.time import DAY, HOUR, MICROSECOND, MINUTE, from_micros
from simulators.noise import FloatColumn, IntColumn

_SLOT = 30 * MINUTE  # offsets change on half hours at the finest (Lord Howe)
_THURSDAY = 3  # 1 January 1970, counted from Monday


def local(times: IntColumn, zone: str) -> IntColumn:
    """Return ``times`` shifted by the zone's UTC offset: microseconds on the wall clock."""
    slots, position = np.unique(times // _SLOT, return_inverse=True)
    offsets = np.fromiter((_offset(slot, zone) for slot in slots.tolist()), np.int64, len(slots))
    return np.asarray(times + offsets[position])


def instants(wall: IntColumn, zone: str) -> IntColumn:
    """Return when the zone's clock says ``wall``: the first time, where it does so twice.

    A time that the clock leaves out when it is put forward is reckoned as if it had not been put forward yet.
    """
    midnight = wall - wall % DAY
    before, after = (local(far, zone) - far for far in (midnight - DAY, midnight + 2 * DAY))
    result = np.asarray(wall - before)
    changing = np.flatnonzero(before != after)
    late = (wall - after)[changing]
    said_early, said_late = local(result[changing], zone), local(late, zone)
    is_late = (said_late == wall[changing]) & (said_early != wall[changing])
    result[changing[is_late]] = late[is_late]
    return result


def hour_of_day(wall: IntColumn) -> FloatColumn:
    """Return hours since midnight, 0 to 24, of wall-clock times."""
    return np.asarray(wall % DAY / HOUR)


def is_weekend(wall: IntColumn) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which wall-clock times lie on a Saturday or Sunday."""
    return np.asarray((wall // DAY + _THURSDAY) % 7 >= 5)


@lru_cache(maxsize=262_144)
def _offset(slot: int, zone: str) -> int:
    offset = from_micros(slot * _SLOT).astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None  # noqa: S101 - an aware datetime has one; this tells the type checker
    return offset // MICROSECOND
