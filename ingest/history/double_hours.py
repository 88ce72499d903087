"""The hour that clocks go through twice, in files of wall-clock times: the order of a device's rows tells it apart.

Where the times of one device fall back once, the rows from there on are of the second pass; where every time stands
twice in a row, the first of both is of the first. A file whose times go backwards is read from its end. Anything else,
such as one pass alone, leaves open what was meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from ingest.history.clocks import instants
from ingest.history.mapping import TimeColumn
from ingest.model.observation import IntColumn, Mask

_ROW, _DEVICE, _TIME, _FIRST, _LAST, _NIGHT = "row", "device", "time", "first", "last", "night"
_UTC: Final = "UTC"
_FIRST_TIME: Final = pl.col(_TIME).first().alias(_FIRST)
_LAST_TIME: Final = pl.col(_TIME).last().alias(_LAST)


@dataclass(frozen=True)
class DoubleHours:
    """The rows of a file, by their numbers, that are of a ``second`` pass, and those of which that is ``open``."""

    second: IntColumn
    open: IntColumn

    @classmethod
    def of(cls, frames: Iterable[pl.DataFrame], time: TimeColumn, device: str | None) -> "DoubleHours":
        """Look through the rows of a whole file, by their time and by the column of their device."""
        found = _Found()
        if time.format is not None and time.zone != _UTC:
            number = 0
            for frame in frames:
                found.add(frame, number, time, device)
                number += frame.height
        return found.resolved()

    def part(self, first: int, count: int) -> tuple[Mask, Mask]:
        """Return which of ``count`` rows from number ``first`` on are of a second pass, and of which it is open."""
        return _part(self.second, first, count), _part(self.open, first, count)


class _Found:
    """What is known of a file so far: the rows with double times, and the first and the last time of each device."""

    def __init__(self) -> None:
        self._rows: list[pl.DataFrame] = []
        self._extents: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame, number: int, time: TimeColumn, device: str | None) -> None:
        """Look at the rows from ``number`` on."""
        if {*time.columns, *([device] if device else [])} - set(frame.columns):
            return
        clock = instants(frame, time)
        named = frame[device].fill_null("") if device else pl.Series([""] * frame.height, dtype=pl.String)
        rows = pl.DataFrame({_ROW: np.arange(number, number + frame.height), _DEVICE: named, _TIME: clock.shown})
        timed = rows.filter(pl.col(_TIME).is_not_null())
        self._extents.append(timed.group_by(_DEVICE, maintain_order=True).agg(_FIRST_TIME, _LAST_TIME))
        if clock.are_double.any():
            self._rows.append(rows.filter(pl.Series(clock.are_double)))

    def resolved(self) -> DoubleHours:
        """Tell the passes apart, by device and night."""
        second: list[int] = []
        undecided: list[int] = []
        if self._rows:
            whole = pl.concat(self._extents).group_by(_DEVICE).agg(pl.col(_FIRST).first(), pl.col(_LAST).last())
            backwards = set(whole.filter(pl.col(_LAST) < pl.col(_FIRST))[_DEVICE])
            nights = pl.concat(self._rows).group_by(_DEVICE, pl.col(_TIME).dt.date().alias(_NIGHT), maintain_order=True)
            for (device, _), rows in nights:
                is_forward = device not in backwards
                ordered = rows if is_forward else rows.reverse()
                numbers, times = ordered[_ROW].to_list(), ordered[_TIME].dt.epoch("us").to_list()
                later = _second_pass(times, is_forward=is_forward)
                if later is None:
                    undecided += numbers
                else:
                    second += [numbers[index] for index in later]
        return DoubleHours(np.array(sorted(second), np.int64), np.array(sorted(undecided), np.int64))


def _second_pass(times: Sequence[int], *, is_forward: bool) -> Sequence[int] | None:
    """Return which of the double times of a device, in order, are of the second pass; None where that is open."""
    falls = [index for index, (before, after) in enumerate(pairwise(times), start=1) if after <= before]
    if len(falls) == 1:
        return range(falls[0], len(times))
    in_pairs = falls == list(range(1, len(times), 2)) and times[::2] == times[1::2]
    return falls if falls and in_pairs and is_forward else None


def _part(numbers: IntColumn, first: int, count: int) -> Mask:
    mask = np.zeros(count, np.bool_)
    mask[numbers[(numbers >= first) & (numbers < first + count)] - first] = True
    return mask
