"""Days of hours of groups of series, and of lamps, as ports ask for them, kept in the database for the next time.

A late reading costs one day of a year. What is kept is named by a digest of everything but readings that decides it,
and forgotten where hours changed; no figure depends on it. What a step finds is kept once its figures are written: it
may have begun before hours changed of which somebody took note meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np

from ingest.model.calendar import Period, floor, following
from ingest.model.spans import Span, union
from ingest.model.time import from_micros
from kpi_engine.ports.stored_keys import KeptDayKey
from kpi_engine.windows.kept_hours import Changed, KeptHours
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KeyT = TypeVar("KeyT", bound=KeptDayKey)


class KeptDays:
    """The days kept in a database; every method works in the caller's transaction. ``hours``: those of series."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changed: Changed = {}
        self._found: dict[KeptDayKey, bytes] = {}
        self.hours = KeptHours(connection)

    def begin(self, changed: Changed) -> None:
        """Begin a step, which does not take what changed and nobody has forgotten yet."""
        self._changed = changed
        self._found = {}
        self.hours.begin(changed)

    def of(self, keys: Sequence[KeyT]) -> dict[KeyT, bytes]:
        """Return what is kept of days, or was found in this step."""
        kept = {key: self._found[key] for key in keys if key in self._found}
        asked: dict[str, dict[Span, KeyT]] = {}
        for key in keys:
            if key not in kept:
                asked.setdefault(key.group.digest, {})[key.start, key.end] = key
        if not asked:
            return kept
        digests = list(asked)
        runs = [(number, start, end) for number, days in enumerate(asked.values()) for start, end in union(days)]
        numbers, starts, ends = np.array(runs, np.int64).reshape(-1, 3).T
        parameters = {"digests": digests, "numbers": numbers, "starts": starts, "ends": ends}
        for number, start, end, hours in self._connection.execute(SQL["group_days_kept"], parameters, binary=True):
            found = asked[digests[number]].get((start, end))
            if found and not _is_changed(found, self._changed):
                kept[found] = hours
        return kept

    def add(self, found: Mapping[KeyT, bytes]) -> None:
        """Take up what was found, to be kept where it is a whole day."""
        self._found |= {key: hours for key, hours in found.items() if _is_whole(key)}

    def keep(self, changed: Changed) -> None:
        """Keep what was found, but for what ``changed`` since the step began."""
        self.hours.keep(changed)
        found = sorted(
            self._found.items(), key=lambda day: (day[0].group.digest, day[0].start)
        )  # nobody waits in a circle
        days = {key: hours for key, hours in found if not _is_changed(key, changed)}
        self._found = {}
        if days:
            digests = {digest: number for number, digest in enumerate(dict.fromkeys(key.group.digest for key in days))}
            places = [(digests[key.group.digest], key.start, key.end) for key in days]
            numbers, starts, ends = np.array(places, np.int64).T
            parameters = {"digests": list(digests), "numbers": numbers, "starts": starts, "ends": ends}
            self._connection.execute(SQL["group_days_keep"], parameters | {"hours": list(days.values())})

    def forget(self, changed: Iterable[tuple[str, Span]]) -> None:
        """Forget the days of groups, by digest, that overlap spans [start, end) in which something changed."""
        if rows := list(set(changed)):
            parameters = {
                "digests": [digest for digest, _ in rows],
                "starts": [from_micros(start) for _, (start, _) in rows],
                "ends": [from_micros(end) for _, (_, end) in rows],
            }
            self._connection.execute(SQL["group_days_forget"], parameters)

    def define(self, digests: Collection[str]) -> None:
        """Forget the days of groups that nobody asks for any more."""
        self._connection.execute(SQL["group_days_define"], {"digests": list(digests)})


def _is_changed(key: KeptDayKey, changed: Changed) -> bool:
    return any(first < key.end and key.start < last for first, last in changed.get(key.group.digest, ()))


def _is_whole(key: KeptDayKey) -> bool:
    return _is_civil_day(key.start, key.end, key.group.zone)


@lru_cache(maxsize=4_096)
def _is_civil_day(start: int, end: int, zone: str) -> bool:
    return floor(start, Period.DAY, zone) == start and following(start, Period.DAY, zone) == end
