"""The interval of an amount where its source gives both edges of it, in microseconds: its length is its own then."""

from typing import Final, NamedTuple

import numpy as np

from ingest.model.time import DAY

LONGEST: Final = 400 * DAY  # a year's bill and a month: what is longer is a mistyped year
UNGIVEN: Final = int(np.iinfo(np.int64).min)  # a begin that nobody gave


class GivenInterval(NamedTuple):
    """From ``begin`` to ``end``."""

    begin: int
    end: int


def given(time: int | None, begin: int | None, end: int | None) -> GivenInterval | None:
    """Return the interval of what has a time: of an edge that is not given, the time is that edge.

    None where no edge is given. Raises ValueError where one is, and nothing stands for the other.
    """
    if begin is None and end is None:
        return None
    first, last = time if begin is None else begin, time if end is None else end
    if first is None or last is None:
        raise ValueError(begin, end)
    return GivenInterval(first, last)
