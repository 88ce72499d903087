"""Hours of groups of series that a step found, and days of them that are kept in the database for the next time.

A late reading costs one day of a year. What is kept is named by a digest of everything but readings that decides it,
and forgotten where hours changed; no figure depends on it. Many days are read, and written, as one: no day of them
becomes an object.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ingest.model.spans import Span
from kpi_engine.ports.hours import ROWS
from kpi_engine.ports.stored_keys import HourGroup, HoursKey
from kpi_engine.windows.day_layout import DayLayout, layout
from processors.steps.columns import Floats, Ints, Mask
from processors.storage.binary_copy import ColumnType, decode_array
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

Changed = Mapping[str, Sequence[Span]]
"""By digest of a group, spans [start, end) in which something changed."""

STRETCHES_AT_ONCE: Final = 500  # that are written: memory is bounded
_STORED: Final = np.dtype("<f8")


class HourStretch(NamedTuple):
    """The hours of a group over consecutive days."""

    group: HourGroup
    layout: DayLayout
    table: Floats


@dataclass(frozen=True, eq=False)
class WantedHours:
    """The table of a key as it is filled; ``lacks`` says which of its days are not known yet."""

    key: HoursKey
    layout: DayLayout
    table: Floats
    lacks: Mask

    @classmethod
    def of(cls, key: HoursKey) -> "WantedHours":
        """Return a table of which nothing is known."""
        days = layout(key.start, key.end, key.group.zone)
        return cls(key, days, np.empty((ROWS, len(days.hours) - 1)), np.ones(len(days.days) - 1, np.bool_))

    def take(self, found: HourStretch) -> None:
        """Take the days that are lacking and are in a stretch."""
        if found.layout is self.layout and self.lacks.all():
            self.table[:] = found.table
            self.lacks[:] = False
            return
        mine, others = self.layout.find(found.layout)
        needed = self.lacks[mine]
        mine, others = mine[needed], others[needed]
        self.table[:, self.layout.columns(mine)] = found.table[:, found.layout.columns(others)]
        self.lacks[mine] = False

    def take_kept(self, starts: Ints, ends: Ints, hours: bytes, changed: Sequence[Span]) -> None:
        """Take days as they are kept, in order of time, those aside in which something changed."""
        days = np.searchsorted(self.layout.days, starts)
        numbers = np.frombuffer(hours, _STORED)
        table = numbers[self.layout.places(days)]
        is_right = self.layout.days[days + 1] == ends
        for first, last in changed:
            is_right &= (ends <= first) | (starts >= last)
        if len(days) == len(self.lacks) and is_right.all():
            self.table[:] = table
            self.lacks[:] = False
            return
        taken = np.repeat(is_right, np.diff(self.layout.begins)[days])
        self.table[:, self.layout.columns(days[is_right])] = table[:, taken]
        self.lacks[days[is_right]] = False


class KeptHours:
    """The hours kept in a database; every method works in the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changed: Changed = {}
        self._found: dict[str, list[HourStretch]] = {}

    def begin(self, changed: Changed) -> None:
        """Begin a step, which does not take what changed and nobody has forgotten yet."""
        self._changed, self._found = changed, {}

    def fill(self, every: Sequence[WantedHours]) -> None:
        """Fill in what was found in this step, or is kept."""
        for one in every:
            for stretch in self._found.get(one.key.group.digest, ()):
                one.take(stretch)
        asked = [one for one in every if one.lacks.any()]
        if not asked:
            return
        places = [(number, one.key.start, one.key.end) for number, one in enumerate(asked)]
        numbers, starts, ends = np.array(places, np.int64).T
        digests = [one.key.group.digest for one in asked]
        parameters = {"digests": digests, "numbers": numbers, "starts": starts, "ends": ends}
        for number, days, day_ends, hours in self._read(parameters):
            one = asked[number]
            one.take_kept(days, day_ends, hours, self._changed.get(one.key.group.digest, ()))

    def add(self, found: HourStretch) -> None:
        """Take up what was found, of which whole days are to be kept."""
        self._found.setdefault(found.group.digest, []).append(found)

    def keep(self, changed: Changed) -> None:
        """Keep what was found, but for what ``changed`` since the step began."""
        stretches = [one for _, every in sorted(self._found.items()) for one in every]
        self._found = {}
        days = [_days_to_keep(one.layout, changed.get(one.group.digest, ())) for one in stretches]
        kept = [(one, chosen) for one, chosen in zip(stretches, days, strict=True) if len(chosen)]
        for first in range(0, len(kept), STRETCHES_AT_ONCE):
            self._write(kept[first : first + STRETCHES_AT_ONCE])

    def _write(self, kept: Sequence[tuple[HourStretch, Ints]]) -> None:
        numbers, starts, ends, lengths = np.concatenate(list(_places(kept)), axis=1)
        parameters = {
            "digests": [one.group.digest for one, _ in kept],
            "hours": b"".join(one.layout.by_day(one.table, some).astype(_STORED).tobytes() for one, some in kept),
            "numbers": numbers,
            "starts": starts,
            "ends": ends,
            "places": np.cumsum(lengths) - lengths,
            "lengths": lengths,
        }
        self._connection.execute(SQL["hours_keep"], parameters)

    def _read(self, parameters: Mapping[str, object]) -> Iterator[tuple[int, Ints, Ints, bytes]]:
        result = self._connection.execute(SQL["hours_kept"], parameters, binary=True).pgresult
        for row in range(result.ntuples if result else 0):
            assert result is not None  # noqa: S101 - it has rows
            number, hours = (result.get_value(row, column) for column in (0, 3))
            starts, ends = (decode_array(result.get_value(row, column), ColumnType.TIMESTAMP) for column in (1, 2))
            yield int.from_bytes(number or b""), starts.astype(np.int64), ends.astype(np.int64), hours or b""


def _days_to_keep(days: DayLayout, changed: Sequence[Span]) -> Ints:
    keeps = days.is_whole.copy()
    for first, last in changed:
        keeps &= (days.days[1:] <= first) | (days.days[:-1] >= last)
    return np.flatnonzero(keeps)


def _places(kept: Sequence[tuple[HourStretch, Ints]]) -> Iterator[Ints]:
    """Yield of each stretch its number, begin and end of its days, and how many bytes each takes."""
    for number, (one, days) in enumerate(kept):
        lengths = ROWS * _STORED.itemsize * np.diff(one.layout.begins)[days]
        starts, ends = one.layout.days[days], one.layout.days[days + 1]
        yield np.stack([np.full(len(days), number), starts, ends, lengths])
