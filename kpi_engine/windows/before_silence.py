"""What is known of meters before they fell silent, kept from step to step: many figures rest on the same days.

Nothing depends on what is kept: it is forgotten where hours changed. Instants are edges of civil hours, microseconds.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from ingest.model.spans import Span
from ingest.model.time import from_micros
from kpi_engine.window import Meter
from kpi_engine.windows.meter_amounts import Amounts
from kpi_engine.windows.meter_columns import KnownMeters
from kpi_engine.windows.parts import Cutting, ManyParts, Part
from kpi_engine.windows.rollup_tables import read_tables
from kpi_engine.windows.rollups import read_rollups
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MOST: Final = 50_000  # amounts that are kept, of one series and span each

Asked = tuple[int, int]  # a series and an instant
Key = TypeVar("Key", bound=Hashable)


class _Look(NamedTuple):
    """From when to when a series was read before ``until``; None where it was not read at all."""

    until: int
    read: Span | None

    def decides(self, instant: int) -> bool:
        """Whether the same is true of ``instant``: it lies between the last reading and ``until``."""
        return instant <= self.until and (self.read is None or self.read[1] <= instant)


@dataclass
class BeforeSilence:
    """What was read of series before some instants, and what they counted in some spans."""

    _looks: dict[int, _Look] = field(default_factory=dict)
    _amounts: Amounts = field(default_factory=dict)

    def read(self, connection: Connection, asked: Iterable[Asked]) -> dict[Asked, Span]:
        """Return from when to when series were read before given instants; those that were not are left out.

        A silence is looked up once, from its last instant that is asked for.
        """
        found: dict[Asked, Span | None] = {}
        waiting = sorted(set(asked))
        while waiting:
            decided = [one for one in waiting if one[0] in self._looks and self._looks[one[0]].decides(one[1])]
            found |= {one: self._looks[one[0]].read for one in decided}
            waiting = [one for one in waiting if one not in found]
            self._look(connection, dict(waiting))  # the last instant of each series
        return {one: span for one, span in found.items() if span}

    def meters(self, connection: Connection, every: Mapping[Key, Sequence[Part]]) -> dict[Key, Sequence[Meter]]:
        """Return the meters of each sequence of parts, with what they counted in them; many are read each time."""
        if len(self._amounts) > MOST:
            self._amounts.clear()
        many = Cutting()
        cut = {
            key: many.many(one.table, one.start, one.end, one.zone) if isinstance(one, ManyParts) else one
            for key, one in every.items()
        }
        keys = {
            (series.series_id, tile)
            for parts in every.values()
            if not isinstance(parts, ManyParts)
            for part in parts
            for series in (*part.meter.series.values(), *part.meter.beside.values())
            if (series.series_id, part.start, part.end) not in self._amounts
            for tile in part.tiles
        }
        rollups = read_rollups(connection, keys) if keys else {}
        known = KnownMeters(rollups, read_tables(connection, many.read()), self._amounts)
        return {key: known.meters(parts) for key, parts in cut.items()}

    def forget(self, changed: Mapping[int, Sequence[Span]]) -> None:
        """Forget what changed hours may have changed."""
        for series in changed:
            self._looks.pop(series, None)
        gone = [
            (series, start, end)
            for series, start, end in self._amounts
            if any(first < end and start < last for first, last in changed.get(series, ()))
        ]
        for key in gone:
            del self._amounts[key]

    def clear(self) -> None:
        """Forget everything: what series count may be declared otherwise."""
        self._looks.clear()
        self._amounts.clear()

    def _look(self, connection: Connection, ends: Mapping[int, int]) -> None:
        if not ends:
            return
        parameters = {"series": list(ends), "ends": [from_micros(end) for end in ends.values()]}
        rows = connection.execute(SQL["read_before"], parameters)
        read = {series: (first, last) for series, _, first, last in rows}
        self._looks |= {series: _Look(end, read.get(series)) for series, end in ends.items()}
