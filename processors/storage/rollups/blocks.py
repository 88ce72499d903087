"""Hours in blocks: moved out of their rows once they are over, and made rows again where they change.

An hour is a row or in a block. Where it is both, the row holds: it was computed since the block was packed, and the
block is open until it is packed again. Readers see either through the view ``rollup`` and the function ``rollups_of``.
Only who rolls up a series writes its hours, and moves them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ingest.model.time import from_micros
from processors.steps.columns import ABSENT, Ints
from processors.storage.database import Connection
from processors.storage.rollups.shards import EVERY
from processors.storage.statements import statements

SQL: Final = statements(__name__)

Block = tuple[int, datetime]  # series and begin


@dataclass(frozen=True)
class RestingHours:
    """A block of which hours can be packed; ``is_left_over``: a version that packed none left them all."""

    series_id: int
    starts: datetime
    is_left_over: bool


class HourBlocks:
    """Moves hours between rows and blocks, in the transaction of whoever asks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def end(self) -> int:
        """Return until when anything is packed, of any series; ABSENT where nothing is."""
        row = self._connection.execute(SQL["blocks_end"]).fetchone()
        return ABSENT if row is None or row[0] is None else int(row[0])

    def series_after(self, series_id: int, limit: int, shards: Sequence[int] = EVERY) -> list[int]:
        """Return the next series of ``shards`` by id, at most so many."""
        asked = {"after": series_id, "limit": limit, "shards": list(shards)}
        return [one for (one,) in self._connection.execute(SQL["blocks_series"], asked)]

    def to_pack(self, series: Sequence[int], before: datetime, rest: float, limit: int) -> list[RestingHours]:
        """Return blocks of ``series`` with rows of hours before an instant, at most so many.

        Only those of which all hours are rows, or of which none was written for ``rest`` seconds.
        """
        asked = {"series": list(series), "before": before, "rest": rest, "limit": limit}
        return [RestingHours(*row) for row in self._connection.execute(SQL["blocks_to_pack"], asked)]

    def pack(self, blocks: Sequence[Block], before: datetime) -> None:
        """Move the rows of ``blocks`` that begin before an instant into them; rows hold over what was packed before."""
        asked = {"series": [one for one, _ in blocks], "starts": [start for _, start in blocks], "before": before}
        self._connection.execute(SQL["blocks_pack"], asked)

    def reopen(self) -> None:
        """Keep staged hours that are packed as rows in place of what is packed of them."""
        self._connection.execute(SQL["hours_reopen"])

    def unpack(self, series_id: Ints, buckets: Ints) -> None:
        """Make rows of all hours of the blocks that hold any of these."""
        asked = {"series": series_id.tolist(), "buckets": [from_micros(bucket) for bucket in buckets.tolist()]}
        self._connection.execute(SQL["blocks_unpack"], asked)
