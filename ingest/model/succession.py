"""Values that take each other's place at instants [microseconds]: units and contracts of a series in time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np

from ingest.model.calendar import Instants, day_start

Value = TypeVar("Value")


@dataclass(frozen=True)
class Succession(Generic[Value]):
    """``first`` holds until the first of ``later`` begins; each of these, (from when on, value), until the next."""

    first: Value
    later: tuple[tuple[int, Value], ...] = ()

    @classmethod
    def by_day(cls, days: Iterable[date], value_on: Callable[[date], Value], zone: str) -> "Succession[Value]":
        """Return what ``value_on`` says of every day, if it changes on ``days`` of ``zone`` only."""
        first = newest = value_on(date.min)
        later = []
        for day in sorted(set(days)):
            if (value := value_on(day)) != newest:
                later.append((day_start(day, zone), value))
                newest = value
        return cls(first, tuple(later))

    @property
    def values(self) -> list[Value]:
        """Every value, in order of time."""
        return [self.first, *(value for _, value in self.later)]

    @property
    def newest(self) -> Value:
        """The value that holds until further notice."""
        return self.values[-1]

    def differing(self, other: "Succession[Value]") -> Iterator[tuple[int | None, int | None]]:
        """Yield the spans [from, to) in which another succession says something else; None for without end."""
        edges = sorted({begin for begin, _ in (*self.later, *other.later)})
        for begin, end in pairwise([None, *edges, None]):
            instant = edges[0] - 1 if begin is None and edges else begin or 0
            if self.at(instant) != other.at(instant):
                yield begin, end

    def at(self, instant: int) -> Value:
        """Return the value that holds at an instant."""
        return next((value for begin, value in reversed(self.later) if begin <= instant), self.first)

    def between(self, start: int, end: int) -> tuple[Value, ...]:
        """Return every value that holds at some instant of [start, end), oldest first."""
        return (self.at(start), *(value for begin, value in self.later if start < begin < end))

    def places(self, instants: Instants) -> Instants:
        """Return the place in ``values`` of what holds at each of ``instants``."""
        return np.searchsorted(np.array([begin for begin, _ in self.later], np.int64), instants, side="right")
