"""The hours of meters of a group, of all of them at once: values and bounds, a row for each meter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.calendar import Instants
from ingest.model.reading import ReadingKind
from ingest.model.time import HOUR, SECOND
from kpi_engine.ports.hours import ROWS
from kpi_engine.ports.stored_keys import HourGroup
from kpi_engine.window import KNOWN_FROM
from processors.steps.columns import Floats, Ints, Mask
from processors.steps.hour_bounds import AmountColumns, fastest, hour_bounds

Table = npt.NDArray[np.float64]  # ROWS x hours
Hours = npt.NDArray[np.float64]  # members x ROWS x hours
GROUPS: Final = 4_096  # of which the members are kept in columns
ONE_DAY: Final = np.zeros(1, np.int64)


@dataclass(frozen=True)
class StoredHours:
    """Stored hours, sorted by series and time: as amounts, and as mean, least and greatest level.

    ``estimated``: the part of each amount whose place in time is interpolated.
    """

    series: Ints
    amounts: AmountColumns
    levels: Table
    estimated: Floats

    @cached_property
    def is_certain(self) -> Mask:
        """Of which hours the amount is known, and nothing that widens it."""
        hours = self.amounts
        is_plain = np.isnan(hours.entry_seconds) & np.isnan(hours.exit_seconds)
        is_plain &= np.isnan(hours.doubt_below) & np.isnan(hours.doubt_above)
        is_plain &= (hours.covered_from == hours.bucket) & (hours.covered_to == hours.bucket_end)
        is_plain &= (hours.measured == hours.seconds) & (hours.known == hours.seconds)
        return is_plain & np.isfinite(hours.total) & ~np.signbit(hours.total)

    def __contains__(self, series_id: int) -> bool:
        first, last = self._place(series_id)
        return first < last

    def __getitem__(self, series_id: int) -> tuple[AmountColumns, Table]:
        first, last = self._place(series_id)
        columns = (column[first:last] for column in vars(self.amounts).values())
        return AmountColumns(*columns), self.levels[:, first:last]

    def within(self, ids: Ints, start: int, end: int) -> tuple[Ints, Ints]:
        """Return the rows of each series that begin in [start, end), and to which of ``ids`` each belongs."""
        ranks = np.searchsorted(self._ids, ids)
        is_stored = np.append(self._ids, -1)[ranks] == ids
        first, last = (
            np.searchsorted(self._order, ranks * self._width + np.clip(edge - self._base, 0, self._width - 1))
            for edge in (start, end)
        )
        count = np.where(is_stored, last - first, 0)
        owner = np.repeat(np.arange(len(ids)), count)
        begins = np.cumsum(count) - count
        return np.repeat(first - begins, count) + np.arange(len(owner)), owner

    def _place(self, series_id: int) -> tuple[int, int]:
        first, last = (int(np.searchsorted(self.series, series_id, side)) for side in ("left", "right"))
        return first, last

    @cached_property
    def _ids(self) -> Ints:
        return np.unique(self.series)

    @cached_property
    def _base(self) -> int:
        return int(self.amounts.bucket.min(initial=np.iinfo(np.int64).max)) if len(self.series) else 0

    @cached_property
    def _width(self) -> int:
        return int(self.amounts.bucket.max()) - self._base + 2 if len(self.series) else 2

    @cached_property
    def _order(self) -> Ints:
        """One number for each row that grows by series and time."""
        return np.searchsorted(self._ids, self.series) * self._width + (self.amounts.bucket - self._base)


@dataclass(frozen=True)
class MemberColumns:
    """The members of a group in columns: ``rate`` is infinite where none is declared."""

    ids: Ints
    start: Ints
    end: Ints
    rate: Floats
    is_register: Mask
    is_net: Mask

    def take(self, chosen: Mask) -> "MemberColumns":
        """Return some of the members."""
        return self if chosen.all() else MemberColumns(*(column[chosen] for column in vars(self).values()))


@lru_cache(maxsize=GROUPS)
def members_of(group: HourGroup) -> MemberColumns:
    """Return the members of a group, which its digest names, in columns."""
    return MemberColumns(
        np.array([one.series_id for one in group.members], np.int64),
        np.array([one.start for one in group.members], np.int64),
        np.array([one.end for one in group.members], np.int64),
        np.array([one.rate for one in group.members]),
        np.array([one.kind is ReadingKind.REGISTER for one in group.members], np.bool_),
        np.array([one.is_net for one in group.members], np.bool_),
    )


def joined(every: Sequence[MemberColumns]) -> MemberColumns:
    """Return members of several groups, one after the other: one of two groups stands there twice."""
    return MemberColumns(*map(np.concatenate, zip(*(vars(one).values() for one in every), strict=True)))


def hours_of_members(members: MemberColumns, edges: Instants, stored: StoredHours, begins: Ints = ONE_DAY) -> Hours:
    """Return members x ROWS x hours: what each counted, NaN where not known, and between what that lies.

    ``begins``: with which of the hours days begin; where no rate is declared, each day has that of its fastest hour.
    Where all hours of a member are certain, each of them lies between itself and itself.
    """
    rows, owner = stored.within(members.ids, int(edges[0]), int(edges[-1]))
    bucket = stored.amounts.bucket[rows]
    place = np.searchsorted(edges, bucket)
    is_certain = stored.is_certain[rows] & (edges[place] == bucket)
    is_certain &= edges[np.minimum(place + 1, len(edges) - 1)] == stored.amounts.bucket_end[rows]
    others = np.bincount(owner[is_certain], minlength=len(members.ids)) < len(edges) - 1
    found = np.empty((len(members.ids), ROWS, len(edges) - 1))
    if not others.all():
        values = np.empty((len(members.ids), len(edges) - 1))
        values[owner[is_certain], place[is_certain]] = stored.amounts.total[rows[is_certain]]
        found[:] = values[:, np.newaxis]
    if others.any():
        found[others] = _uncertain_hours(members.take(others), edges, stored, begins)
    return found


def _uncertain_hours(members: MemberColumns, edges: Instants, stored: StoredHours, begins: Ints) -> Hours:
    rows, owner = stored.within(members.ids, int(edges[0]), int(edges[-1]))
    mine = AmountColumns(*(column[rows] for column in vars(stored.amounts).values()))
    day = owner * len(begins) + np.searchsorted(edges[begins], mine.bucket, side="right") - 1
    declared = np.repeat(members.rate, len(begins))
    rate = np.where(np.isfinite(declared), declared, fastest(mine, day, len(declared)))
    seconds = np.diff(edges) / SECOND
    by_hour = np.repeat(rate.reshape(-1, len(begins)), np.diff([*begins, len(seconds)]), axis=1)
    most = by_hour * seconds * SECOND / HOUR
    found = np.stack([np.full(most.shape, np.nan), np.where(members.is_net[:, np.newaxis], -most, 0.0), most], axis=1)
    is_known = ~np.isnan(mine.total) & (mine.known >= KNOWN_FROM * mine.seconds)
    place = np.searchsorted(edges, mine.bucket)
    found[owner, 0, place] = np.where(is_known, mine.total, np.nan)
    for row, bound in enumerate(_bounds(mine, owner, members, rate[day]), start=1):
        tells = ~np.isnan(bound)
        found[owner[tells], row, place[tells]] = bound[tells]
    return found


def summed_hours(hours: Hours, stands: Mask) -> Table:
    """Return the sums over members, each of which counts while it stands (members x hours), one after the other."""
    counting = hours if stands.all() else np.where(stands[:, np.newaxis, :], hours, 0.0)
    return np.asarray(np.add.reduce(counting, axis=0) + 0.0)


def _bounds(hours: AmountColumns, owner: Ints, members: MemberColumns, rate: Floats) -> tuple[Floats, Floats]:
    lower, upper = np.empty(len(owner)), np.empty(len(owner))
    kinds: Mapping[tuple[bool, bool], Mask] = {
        (is_register, is_net): (members.is_register[owner] == is_register) & (members.is_net[owner] == is_net)
        for is_register in (True, False)
        for is_net in (True, False)
    }
    for (is_register, is_net), rows in kinds.items():
        if rows.any():
            mine = AmountColumns(*(column[rows] for column in vars(hours).values()))
            lower[rows], upper[rows] = hour_bounds(mine, rate[rows], is_register=is_register, is_net=is_net)
    return lower, upper
