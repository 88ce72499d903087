"""Facts of many owners over a window, in columns: what is the same between two changes is found once."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ingest.model.columns import RowsOnDemand
from kpi_engine.window import FactSpan
from processors.steps.columns import Floats

MANY: Final = 30  # facts that are cheaper as columns

Spans = Callable[[int, int], Sequence[FactSpan]]


@dataclass(frozen=True, eq=False)
class ManyFacts(RowsOnDemand[FactSpan]):
    """A fact of many owners, each of them known in all of [start, end); one becomes an object when it is looked at."""

    owners: tuple[str, ...]
    values: Floats
    start: int
    end: int

    def __len__(self) -> int:
        return len(self.owners)

    def at(self, place: int) -> FactSpan:
        """Return the fact at a place."""
        return FactSpan(self.owners[place], self.start, self.end, self.values[place].item())


class FactPieces:
    """Facts that change at ``edges`` only, microseconds; ``spans`` cuts them for one window."""

    def __init__(self, edges: Iterable[int], spans: Spans) -> None:
        self._edges, self._spans = sorted(set(edges)), spans
        self._known: dict[int, ManyFacts | None] = {}

    def over(self, start: int, end: int) -> Sequence[FactSpan]:
        """Return the facts of a window, in the order of their owners and of time."""
        place = bisect_right(self._edges, start)
        if place < len(self._edges) and self._edges[place] < end:
            return self._spans(start, end)
        if place not in self._known:
            self._known[place] = _in_columns(self._spans(start, end), start, end)
        known = self._known[place]
        return self._spans(start, end) if known is None else ManyFacts(known.owners, known.values, start, end)


def _in_columns(spans: Sequence[FactSpan], start: int, end: int) -> ManyFacts | None:
    """Return facts in columns; None where they are few, or one of them is not known all the time."""
    values = [one.value for one in spans if one.value is not None and (one.start, one.end) == (start, end)]
    if len(spans) < MANY or len(values) < len(spans):
        return None
    return ManyFacts(tuple(one.site for one in spans), np.array(values), start, end)
