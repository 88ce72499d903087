"""Stretches of time as whole civil months, days and hours: the largest rollups that fill them exactly."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.model.calendar import Period, ceil, floor, following

_LARGEST_FIRST: Final = (Period.MONTH, Period.DAY, Period.HOUR)


@dataclass(frozen=True)
class Tile:
    """One rollup bucket [bucket, bucket_end), microseconds."""

    period: Period
    bucket: int
    bucket_end: int


@lru_cache(maxsize=16_384)
def tiles(start: int, end: int, zone: str, periods: tuple[Period, ...] = _LARGEST_FIRST) -> tuple[Tile, ...]:
    """Return the tiles of [start, end) in order of time; edges that are not those of civil hours are a ValueError."""
    if start >= end:
        return ()
    if not periods:
        raise ValueError("a window begins and ends at the edges of civil hours")
    period, finer = periods[0], periods[1:]
    first, last = ceil(start, period, zone), floor(end, period, zone)
    if first >= last:
        return tiles(start, end, zone, finer)
    whole = _buckets(first, last, period, zone)
    return (*tiles(start, first, zone, finer), *whole, *tiles(last, end, zone, finer))


def _buckets(first: int, last: int, period: Period, zone: str) -> list[Tile]:
    found = []
    while first < last:
        found.append(Tile(period, first, following(first, period, zone)))
        first = found[-1].bucket_end
    return found
