"""Readings in blocks: moved out of their rows once they are over, and made rows again where something late comes.

A reading is a row or in a block, never both. Who writes readings that are old enough to be packed calls ``open_for``
first: it makes rows of what is packed around them and lets nobody pack until the transaction ends. What is read goes
through ``readings_of``, ``reading_before``, ``reading_after`` or the views ``reading`` and ``newest_reading``.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import numpy as np

from ingest.model.observation import ObservationBatch
from ingest.model.time import DAY, HOUR
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

NEVER_PACKED: Final = 12 * HOUR  # younger readings are rows, whatever clocks say: nothing is packed before a day
AT_LEAST: Final = 4  # readings of a block: fewer take less room as rows
_BLOCK: Final = 8 * DAY
_BLOCKS: Final = 1 << 20  # more than there are from the year 1 to 9999
_1970: Final = _BLOCKS // 2


@dataclass(frozen=True)
class Due:
    """What is packed: blocks that are over ``before`` an instant and have ``at_least`` so many readings.

    Of those, what is there from end to end, or of which nothing came for ``rest`` seconds.
    """

    before: datetime
    rest: float
    at_least: int = AT_LEAST


@dataclass(frozen=True)
class PackedReadings:
    """How many ``blocks`` were packed, and the ``first`` of their readings; ``left_over``: by a former version."""

    blocks: int
    first: datetime | None
    left_over: int


def open_for(connection: Connection, batch: ObservationBatch) -> None:
    """Make rows of what is packed around the readings of ``batch``, in the caller's transaction and before it writes.

    Asks the database only where a reading is so old that something may be packed.
    """
    old = np.flatnonzero(batch.time < time.time_ns() // 1000 - NEVER_PACKED)
    if not len(old):
        return
    series_id, number = np.divmod(
        np.unique(batch.series_id[old] * _BLOCKS + batch.time[old] // _BLOCK + _1970), _BLOCKS
    )
    connection.execute(SQL["readings_unpack"], {"series": series_id.tolist(), "blocks": (number - _1970).tolist()})


def pack(connection: Connection, series: Sequence[int], due: Due, at_most: int) -> PackedReadings:
    """Move what is ``due`` of ``series`` out of its rows, at most so many blocks, in the caller's transaction."""
    asked = {"series": list(series), "at_most": at_most, **asdict(due)}
    row = connection.execute(SQL["readings_pack"], asked).fetchone()
    return PackedReadings(*(row or (0, None, 0)))


def shrink(connection: Connection, first: datetime, last: datetime) -> bool:
    """Give back the room of what was packed between two instants; False where others were in the way of some of it."""
    return connection.execute(SQL["readings_shrink"], {"first": first, "last": last}).fetchone() == (0,)
