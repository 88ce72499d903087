"""Rows that say a civil day and how far into it they are, ``24:00`` among it: which instants their intervals are.

A label is the end of its interval; in a day of which one row says 00:00, it is the begin. On the days on which clocks
change, a day that is whole, with as many rows as it has steps, is taken in the order of its rows, however they are
labelled. Otherwise a row is where clocks showed its begin, and nobody can tell which is meant that they showed twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from ingest.local_times import instants
from ingest.model.calendar import day_start
from ingest.model.given_interval import GivenInterval
from ingest.model.time import DAY, EPOCH, HOUR, MINUTE

QUARTER: Final = 15 * MINUTE


class DayStep(NamedTuple):
    """A row: the civil day it names, and its label in microseconds since midnight."""

    day: date
    label: int


def intervals(rows: Sequence[DayStep], zone: str) -> list[GivenInterval | None]:
    """Return the interval of each row, None where nobody can tell it; all rows are of one series."""
    finest = _step(rows)
    days: dict[date, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        days[row.day].append(place)
    found: list[GivenInterval | None] = [None] * len(rows)
    for day, places in days.items():
        step = _step([rows[place] for place in places]) if len(places) > 1 else finest
        first, last = day_start(day, zone), day_start(day + timedelta(days=1), zone)
        in_order = last - first != DAY and len(places) == (last - first) // step
        names_begin = any(rows[place].label == 0 for place in places)
        for number, place in enumerate(places):
            shown = rows[place].label if names_begin else rows[place].label - step
            begin = first + number * step if in_order else _meant(day, shown, zone)
            found[place] = None if begin is None else GivenInterval(begin, begin + step)
    return found


def _step(rows: Sequence[DayStep]) -> int:
    """Return how long the intervals of rows are: a day has hours or quarters, and a series may go over to quarters."""
    return QUARTER if any(row.label % HOUR for row in rows) else HOUR


def _meant(day: date, shown: int, zone: str) -> int | None:
    midnight = (day.toordinal() - EPOCH.toordinal()) * DAY
    meant = instants(midnight + shown, zone) if 0 <= shown < DAY else ()
    return meant[0] if len(meant) == 1 else None
