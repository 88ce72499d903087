"""Civil time as UTC edges: the hours, days, months and years of a city's zone as half-open intervals.

A bucket is [edge, next edge) in int64 microseconds. Hours follow the wall clock, so a half-hour zone has edges at
:30 UTC and a 30-minute shift (Lord Howe) makes one bucket of 30 minutes; a midnight that does not exist (Santiago)
starts its day at the first instant that does. Hours partition days, days partition months, months partition years.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ingest.model.time import DAY, HOUR, from_micros, to_micros

Instants = npt.NDArray[np.int64]


class Period(StrEnum):
    """A calendar period, shortest first."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def floor(instant: int, period: Period, zone: str) -> int:
    """Return the start of the civil period that contains ``instant``."""
    if period is Period.HOUR:
        day = _day_edges(*_local_date(instant, zone), zone)
        return int(day[np.searchsorted(day, instant, side="right") - 1])
    return _start(_first_day(date(*_local_date(instant, zone)), period), zone)


def ceil(instant: int, period: Period, zone: str) -> int:
    """Return the start of the first civil period at or after ``instant``."""
    start = floor(instant, period, zone)
    return start if start == instant else following(start, period, zone)


def following(start: int, period: Period, zone: str) -> int:
    """Return the end of the civil period that contains ``start``: the start of the next one."""
    if period is Period.HOUR:
        day = _day_edges(*_local_date(start, zone), zone)
        return int(day[np.searchsorted(day, start, side="right")])
    return _start(_next_first_day(_first_day(date(*_local_date(start, zone)), period), period), zone)


def day_start(day: date, zone: str) -> int:
    """Return the first instant of a civil day."""
    return _start(day, zone)


def day_of(instant: int, zone: str) -> date:
    """Return the civil day that contains ``instant``."""
    return date(*_local_date(instant, zone))


def edges(start: int, end: int, period: Period, zone: str) -> Instants:
    """Return the edges of the periods that cover [start, end), both outer edges included."""
    if end <= start:
        raise ValueError("an interval needs end > start")
    first, last = floor(start, period, zone), ceil(end, period, zone)
    if period is Period.HOUR:
        days = edges(first, last, Period.DAY, zone)
        parts = [_day_edges(*_local_date(int(day), zone), zone)[:-1] for day in days[:-1]]
        every = np.concatenate([*parts, days[-1:]])
        return every[(every >= first) & (every <= last)]
    days_of = [first]
    while days_of[-1] < last:
        days_of.append(following(days_of[-1], period, zone))
    return np.array(days_of, dtype=np.int64)


@lru_cache(maxsize=256)
def _years(first: int, last: int, period: Period, zone: str) -> Instants:
    return edges(_start(date(first, 1, 1), zone), _start(date(last + 1, 1, 1), zone), period, zone)


def covering(start: int, end: int, period: Period, zone: str) -> Instants:
    """Return the edges of whole civil years around [start, end], ``end`` included; cached, for many look-ups."""
    return _years(_local_date(start, zone)[0], _local_date(end, zone)[0], period, zone)


def shifted(instants: Instants, period: Period, count: int, zone: str) -> Instants:
    """Return instants ``count`` civil days or months later, or earlier where it is negative.

    From the start of a period to the start of another one; any other instant keeps its time on the clock, and the last
    day of a month stands for a day that a month does not have.
    """
    if not len(instants):
        return instants
    reach = (abs(count) + 1) * (DAY if period is Period.DAY else 31 * DAY)
    starts = covering(int(instants.min()) - reach, int(instants.max()) + reach, period, zone)
    at = np.searchsorted(starts, instants, side="right") - 1
    return np.where(starts[at] == instants, starts[at + count], _on_the_clock(instants, period, count, zone))


def _on_the_clock(instants: Instants, period: Period, count: int, zone: str) -> Instants:
    ahead = offsets(instants, zone)
    local = (instants + ahead).astype("datetime64[us]")
    if period is Period.DAY:
        local += np.timedelta64(count, "D")
    else:
        month = local.astype("datetime64[M]")
        wanted = month + count
        last_day = (wanted + 1).astype("datetime64[D]") - wanted.astype("datetime64[D]") - np.timedelta64(1, "D")
        day = np.minimum(local.astype("datetime64[D]") - month.astype("datetime64[D]"), last_day)
        local = wanted.astype("datetime64[us]") + day + (local - local.astype("datetime64[D]"))
    wall = local.astype(np.int64)
    found = wall - offsets(wall - ahead, zone)
    is_skipped = found + offsets(found, zone) != wall
    return np.where(is_skipped, np.maximum(found, wall - ahead), found)


def offsets(instants: Instants, zone: str) -> Instants:
    """Return how far the clocks of a zone are ahead of UTC at instants, in microseconds."""
    if not len(instants):
        return instants
    first, last = int(instants.min()), int(instants.max())
    since, ahead = _changes(_local_date(first, zone)[0] - 1, _local_date(last, zone)[0] + 1, zone)
    return ahead[np.searchsorted(since, instants, side="right") - 1]


@lru_cache(maxsize=256)
def _changes(first: int, last: int, zone: str) -> tuple[Instants, Instants]:
    """Return since when clocks of whole civil years were how far ahead."""
    tz = ZoneInfo(zone)
    days = _years(first, last, Period.DAY, zone).tolist()
    found = [(days[0], _offset(days[0], tz))]
    for start, end in pairwise(days):
        if _offset(end, tz) != found[-1][1]:
            found.append((_change(start, end, tz), _offset(end, tz)))
    since, ahead = zip(*found, strict=True)
    return np.array(since, np.int64), np.array(ahead, np.int64)


def _change(low: int, high: int, tz: ZoneInfo) -> int:
    """Return the first instant with the offset of ``high``; ``low`` has another one."""
    before = _offset(low, tz)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return high


def _local_date(instant: int, zone: str) -> tuple[int, int, int]:
    local = from_micros(instant).astimezone(ZoneInfo(zone))
    return local.year, local.month, local.day


def _first_day(day: date, period: Period) -> date:
    if period is Period.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if period is Period.MONTH else day


def _next_first_day(day: date, period: Period) -> date:
    if period is Period.YEAR:
        return day.replace(year=day.year + 1)
    if period is Period.MONTH:
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=1)


@lru_cache(maxsize=65_536)
def _start(day: date, zone: str) -> int:
    """First instant that has this date: the earlier midnight of two, or the first instant after a missing one."""
    tz = ZoneInfo(zone)
    midnight = to_micros(datetime(day.year, day.month, day.day, tzinfo=tz))  # fold=0: the earlier of two
    local = from_micros(midnight).astimezone(tz)
    if local.date() == day and local.time() == datetime.min.time():
        return midnight
    return _transition(midnight - 24 * HOUR, midnight + 24 * HOUR, tz, day)


def _transition(low: int, high: int, tz: ZoneInfo, day: date) -> int:
    """Bisect for the first instant whose local date is ``day`` or later."""
    while high - low > 1:
        middle = (low + high) // 2
        if from_micros(middle).astimezone(tz).date() >= day:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=65_536)
def _day_edges(year: int, month: int, day: int, zone: str) -> Instants:
    """Hour edges of one civil day, its end included."""
    today = date(year, month, day)
    start, end = _start(today, zone), _start(today + timedelta(days=1), zone)
    tz = ZoneInfo(zone)
    before, after = _offset(start, tz), _offset(end - 1, tz)
    if before == after:
        return _aligned(start, end, before)
    change = _change(start, end - 1, tz)
    return np.concatenate([_aligned(start, change, before)[:-1], _aligned(change, end, after)])


def _offset(instant: int, tz: ZoneInfo) -> int:
    offset = from_micros(instant).astimezone(tz).utcoffset()
    assert offset is not None  # noqa: S101 - an aware datetime has one; this tells the type checker
    return offset // timedelta(microseconds=1)


def _aligned(start: int, end: int, offset: int) -> Instants:
    """Edges of [start, end) at the full local hours of one offset, both ends included."""
    first_full = start - (start + offset) % HOUR + HOUR
    return np.array([start, *range(first_full, end, HOUR), end], dtype=np.int64)
