"""Meters that count, in columns: made once for each set of them, and asked for every window. Times are microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.model.catalogue import Series
from ingest.model.reading import ReadingKind
from ingest.model.registers import Decrease
from kpi_engine.boundary.meter_entry import MeterEntry
from processors.steps.columns import Floats, Ints, Mask

NOT_REPORTED: Final = -1  # in place of a series
SUMMED: Final = (ReadingKind.REGISTER, ReadingKind.INTERVAL, ReadingKind.SESSION)


class SeriesColumn(NamedTuple):
    """The series of one quantity, a row each meter: NOT_REPORTED where there is none.

    ``rate``: the most that is counted in an hour, NaN where nothing is declared. ``is_plain``: it is a sum that only
    counts forwards, by one contract for all time. ``key`` names all of it, with the meters and their validity.
    """

    series: tuple[Series | None, ...]
    ids: Ints
    rate: Floats
    is_register: Mask
    is_plain: Mask
    key: bytes


@dataclass(frozen=True, eq=False)
class MeterTable:
    """Meters that count, in the order of their set."""

    entries: tuple[MeterEntry, ...]
    _taken: dict[bytes, "MeterTable"] = field(default_factory=dict, repr=False)
    _series: dict[tuple[str, bool], SeriesColumn] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def valid_from(self) -> Ints:
        """From when on each counts."""
        return np.array([one.valid_from for one in self.entries], np.int64)

    @cached_property
    def valid_to(self) -> Ints:
        """Until when each counts."""
        return np.array([one.valid_to for one in self.entries], np.int64)

    @cached_property
    def by_name(self) -> Ints:
        """The places of the meters in the order of their names."""
        return np.array(sorted(range(len(self)), key=lambda place: self.entries[place].name), np.int64)

    @cached_property
    def rank(self) -> Ints:
        """The place of each meter in the order of names."""
        return np.argsort(self.by_name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in their order."""
        return tuple(sorted(one.name for one in self.entries))

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """Every quantity that one of them reports."""
        return tuple(dict.fromkeys(quantity for one in self.entries for quantity in one.series))

    @cached_property
    def beside(self) -> tuple[str, ...]:
        """Every quantity that tells what one of them is worth."""
        return tuple(dict.fromkeys(quantity for one in self.entries for quantity in one.beside))

    @cached_property
    def read(self) -> Ints:
        """Every series that is read."""
        every = [one.series_id for m in self.entries for read in (m.series, m.beside) for one in read.values()]
        return np.unique(np.array(every, np.int64))

    def take(self, places: Ints) -> "MeterTable":
        """Return the table of the meters at ``places``: the same object each time."""
        if len(places) == len(self):
            return self
        key = places.tobytes()
        if key not in self._taken:
            self._taken[key] = MeterTable(tuple(self.entries[place] for place in places.tolist()))
        return self._taken[key]

    def of_carrier(self, carrier: str) -> "MeterTable":
        """Return the table of the meters of one carrier."""
        return self.take(self.places_of_carrier(carrier))

    def places_of_carrier(self, carrier: str) -> Ints:
        """Return the places of the meters of one carrier."""
        return np.flatnonzero(self._carriers == carrier)

    def places_in_role(self, role: str) -> Ints:
        """Return the places of the meters on one side of a balance."""
        return np.flatnonzero(self._roles == role)

    @cached_property
    def _carriers(self) -> npt.NDArray[np.object_]:
        return np.array([one.carrier for one in self.entries], np.object_)

    @cached_property
    def _roles(self) -> npt.NDArray[np.object_]:
        return np.array([one.role for one in self.entries], np.object_)

    def series(self, quantity: str, *, beside: bool = False) -> SeriesColumn:
        """Return the series of one quantity; ``beside``: of those that tell what a meter is worth."""
        if (quantity, beside) not in self._series:
            every = tuple((one.beside if beside else one.series).get(quantity) for one in self.entries)
            self._series[quantity, beside] = self._columns(every)
        return self._series[quantity, beside]

    def _columns(self, every: Sequence[Series | None]) -> SeriesColumn:
        ids = np.array([NOT_REPORTED if one is None else one.series_id for one in every], np.int64)
        named = sha256("\n".join(one.name for one in self.entries).encode())
        for column in (ids, self.valid_from, self.valid_to):
            named.update(column.tobytes())
        return SeriesColumn(
            tuple(every),
            ids,
            np.array([np.nan if one is None else _rate(one) for one in every]),
            np.array([one is not None and one.kind is ReadingKind.REGISTER for one in every], np.bool_),
            np.array([one is not None and _is_plain(one) for one in every], np.bool_),
            named.digest(),
        )


def _rate(series: Series) -> float:
    rate = series.contracts.first.max_increase_per_hour
    return np.nan if rate is None else rate


def _is_plain(series: Series) -> bool:
    contracts = series.contracts
    return series.kind in SUMMED and not contracts.later and contracts.first.decrease is not Decrease.NET
