"""A chore of who rolls up, between two cycles: hours that are over are moved out of their rows into blocks.

On the connection and in the thread that computes rollups, so that none is computed meanwhile. All series are looked
through again and again, a few at a time and each few in a transaction of their own: a kill leaves whole steps.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from prometheus_client import Counter

from processors.storage.database import Connection
from processors.storage.rollups.blocks import HourBlocks
from processors.storage.transactions import committing

EVERY_SECONDS: Final = 60.0  # between the beginnings of two rounds
STEP_SECONDS: Final = 0.2  # of one time, at least a step: cycles come first
SHARE: Final = 0.25  # of the time since the last one, where that is more
REST_SECONDS: Final = 900.0  # what was written later is likely to be written again
ROWS: Final = timedelta(days=1)  # hours of the last whole day stay rows: late readings are common there
SERIES_AT_ONCE: Final = 10
BLOCKS_AT_ONCE: Final = 100
TOLD_FROM: Final = 1_000  # blocks of a round: fewer are not worth a word

PACKED: Final = Counter("pharos_rollup_blocks_packed", "Blocks of eight days of hours of a series that were packed.")


class Packing:
    """Looks through all series for hours to pack, round after round; keeps nothing that a restart would need."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._clock = clock
        self._now = now
        self._next = self._last = clock()
        self._at: int | None = None  # the last series that was looked at in this round; None between two rounds
        self._packed = 0  # blocks of this round

    def attend(self, connection: Connection) -> None:
        """Go on with the round for a fraction of a second, or begin the next one when its time has come."""
        now = self._clock()
        if self._at is None and now < self._next:
            return
        if self._at is None:
            self._at, self._packed, self._next = 0, 0, now + EVERY_SECONDS
        until = now + max(STEP_SECONDS, SHARE * (now - self._last))
        while self._at is not None and self._clock() < until:
            with committing(connection):
                self._at = self._step(HourBlocks(connection), self._at)
        self._last = self._clock()

    def notes(self) -> list[str]:
        """Return what is under way, in a sentence, where it is much."""
        if self._at is None or self._packed < TOLD_FROM:
            return []
        return [f"hours are being moved from rows into blocks: {self._packed:,} blocks so far, at series {self._at}"]

    def _step(self, blocks: HourBlocks, at: int) -> int | None:
        """Pack what there is to pack of the next few series; returns how far that went, None at the end."""
        series = blocks.series_after(at, SERIES_AT_ONCE)
        if not series:
            return None
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        before = midnight - ROWS
        found = blocks.to_pack(series, before, REST_SECONDS, BLOCKS_AT_ONCE)
        if found:
            blocks.pack(found, before)
            self._packed += len(found)
            PACKED.inc(len(found))
        return at if len(found) == BLOCKS_AT_ONCE else series[-1]
