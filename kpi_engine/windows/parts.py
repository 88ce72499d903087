"""Parts of a window: meters, clipped to their validity, each with the rollups that it takes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ingest.model.columns import RowsOnDemand
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.meter_table import MeterTable
from kpi_engine.boundary.metering import MeterSet
from kpi_engine.formulas.bucket_cover import Tile, tiles
from processors.steps.columns import Ints

MANY: Final = 30  # meters that are cheaper as columns


@dataclass(frozen=True)
class Part:
    """A meter within a part of the window, clipped to the meter's validity: never empty."""

    meter: MeterEntry
    start: int
    end: int
    tiles: tuple[Tile, ...]


class ManyParts(RowsOnDemand[Part]):
    """Parts of meters that stand in [start, end), as columns: one becomes an object when it is looked at."""

    def __init__(self, table: MeterTable, start: int, end: int, zone: str) -> None:
        stands = np.maximum(table.valid_from, start) < np.minimum(table.valid_to, end)
        self.table = table.take(np.flatnonzero(stands))
        self.start, self.end, self.zone = start, end, zone
        self.is_whole = (self.table.valid_from <= start) & (self.table.valid_to >= end)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """The rollups of meters that stand all the time."""
        return tiles(self.start, self.end, self.zone)

    def __len__(self) -> int:
        return len(self.table)

    def at(self, place: int) -> Part:
        """Return the part of the meter at a place."""
        meter = self.table.entries[place]
        start, end = max(self.start, meter.valid_from), min(self.end, meter.valid_to)
        return Part(meter, start, end, tiles(start, end, self.zone))

    def take(self, places: Ints) -> "ManyParts":
        """Return some of the parts."""
        return ManyParts(self.table.take(places), self.start, self.end, self.zone)

    def read(self) -> Iterator[tuple[Tile, Ints]]:
        """Yield every bucket, and the series of which its rollups are needed."""
        yield from ((tile, self.table.read) for tile in self.tiles)
        for part in (self[place] for place in np.flatnonzero(~self.is_whole).tolist()):
            every = [one.series_id for one in (*part.meter.series.values(), *part.meter.beside.values())]
            yield from ((tile, np.unique(np.array(every, np.int64))) for tile in part.tiles)


class Cutting:
    """Cuts meters into the parts of windows; indicators of the same meters share theirs."""

    def __init__(self) -> None:
        self._few: dict[tuple[int, str | None, int, int, str], tuple[MeterSet, tuple[Part, ...]]] = {}
        self._known: dict[tuple[MeterTable, int, int, str], ManyParts] = {}

    def parts(self, meters: MeterSet, carrier: str | None, start: int, end: int, zone: str) -> Sequence[Part]:
        """Return the meters, of one carrier or of all, that stand in [start, end), each with the rollups it takes."""
        if len(meters.entries) < MANY:
            key = id(meters), carrier, start, end, zone
            if key not in self._few:
                few = [one for one in meters.entries if carrier in {None, one.carrier}]
                self._few[key] = meters, parts(few, start, end, zone)
            return self._few[key][1]
        return self.many(meters.table if carrier is None else meters.table.of_carrier(carrier), start, end, zone)

    def many(self, table: MeterTable, start: int, end: int, zone: str) -> ManyParts:
        """Return the parts of many meters, made once."""
        key = table, start, end, zone
        if key not in self._known:
            self._known[key] = ManyParts(*key)
        return self._known[key]

    def read(self) -> dict[Tile, Ints]:
        """Return the series of which the rollups of each bucket are needed."""
        found: dict[Tile, dict[int, Ints]] = {}
        for tile, ids in (one for parts in self._known.values() for one in parts.read()):
            found.setdefault(tile, {})[id(ids)] = ids
        unions: dict[tuple[int, ...], Ints] = {}  # most buckets are read of the same meters
        for every in found.values():
            if (key := tuple(sorted(every))) not in unions:
                unions[key] = np.unique(np.concatenate(list(every.values())))
        return {tile: unions[tuple(sorted(every))] for tile, every in found.items()}


def parts(meters: Sequence[MeterEntry], start: int, end: int, zone: str) -> tuple[Part, ...]:
    """Return the meters that stand in [start, end), each with the rollups that it takes."""
    clipped = ((meter, max(start, meter.valid_from), min(end, meter.valid_to)) for meter in meters)
    return tuple(Part(meter, a, b, tiles(a, b, zone)) for meter, a, b in clipped if a < b)
