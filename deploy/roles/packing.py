"""A chore of who rolls up, between two cycles: hours and readings that are over are moved from rows into blocks.

On the connection and in the thread that computes rollups, and of series that no other worker works on, so that none is
computed meanwhile. All of those are looked through again and again, a few at a time and each few in a transaction of
their own: a kill leaves whole steps.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from prometheus_client import Counter

from processors.storage.database import Connection
from processors.storage.readings import blocks as readings
from processors.storage.rollups.blocks import HourBlocks
from processors.storage.rollups.shards import EVERY
from processors.storage.transactions import committing

EVERY_SECONDS: Final = 60.0  # between the beginnings of two rounds
STEP_SECONDS: Final = 0.2  # of one time, at least a step: cycles come first
SHARE: Final = 0.25  # of the time since the last one, where that is more
REST_SECONDS: Final = 900.0  # what was written later is likely to be written again
ROWS: Final = timedelta(days=1)  # what is of the last whole day stays rows: late readings are common there
SERIES_AT_ONCE: Final = 10
BLOCKS_AT_ONCE: Final = 100
TOLD_FROM: Final = 1_000  # blocks of a round that a former version left: fewer are not worth a word

PACKED: Final = Counter("pharos_rollup_blocks_packed", "Blocks of eight days of hours of a series that were packed.")
PACKED_READINGS: Final = Counter(
    "pharos_reading_blocks_packed", "Blocks of eight days of readings of a series that were packed."
)


@dataclass(frozen=True)
class Step:
    """What a step packed: so many blocks, of which ``left_over`` were rows of a former version."""

    blocks: int
    left_over: int


class Packable(Protocol):
    """What can be packed, a few series at a time; ``name`` for people."""

    name: str

    def step(self, connection: Connection, series: list[int], before: datetime) -> Step:
        """Pack blocks of ``series`` that were over before an instant, at most BLOCKS_AT_ONCE; no commit."""

    def end(self, connection: Connection, before: datetime) -> None:
        """Tidy up after a round over all series; no commit."""


class PackableHours:
    """Hours of rollups."""

    name = "hours"

    def step(self, connection: Connection, series: list[int], before: datetime) -> Step:
        """Pack hours."""
        blocks = HourBlocks(connection)
        found = blocks.to_pack(series, before, REST_SECONDS, BLOCKS_AT_ONCE)
        if found:
            blocks.pack([(block.series_id, block.starts) for block in found], before)
            PACKED.inc(len(found))
        return Step(len(found), sum(block.is_left_over for block in found))

    def end(self, connection: Connection, before: datetime) -> None:
        """Leave rows as they are: the room of past ones is used for new ones."""


class PackableReadings:
    """Readings; after a round their room is given back, since rows of a past month hardly ever come."""

    name = "readings"

    def __init__(self) -> None:
        self._first: datetime | None = None  # of what was packed since room was given back

    def step(self, connection: Connection, series: list[int], before: datetime) -> Step:
        """Pack readings."""
        packed = readings.pack(connection, series, readings.Due(before, REST_SECONDS), BLOCKS_AT_ONCE)
        if packed.first is not None:
            self._first = min(packed.first, self._first or packed.first)
            PACKED_READINGS.inc(packed.blocks)
        return Step(packed.blocks, packed.left_over)

    def end(self, connection: Connection, before: datetime) -> None:
        """Give back room."""
        if self._first is not None and readings.shrink(connection, self._first, before):
            self._first = None


class Packing:
    """Looks through all series for what to pack, round after round; keeps nothing that a restart would need."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._clock = clock
        self._now = now
        self._rounds = [_Round(PackableHours(), clock()), _Round(PackableReadings(), clock())]
        self._last = clock()

    def attend(self, connection: Connection, shards: Sequence[int] = EVERY) -> None:
        """Go on with rounds over the series of ``shards`` for a fraction of a second, or begin the next ones."""
        now = self._clock()
        before = self._now().replace(hour=0, minute=0, second=0, microsecond=0) - ROWS
        share = max(STEP_SECONDS, SHARE * (now - self._last)) / len(self._rounds)
        for one in self._rounds:
            until = self._clock() + share
            while one.is_due(now):
                one.go_on(connection, before, shards)
                if self._clock() >= until:
                    break
        self._last = self._clock()

    def notes(self) -> list[str]:
        """Return what a former version left to pack and is under way, in sentences, where it is much."""
        return [note for one in self._rounds for note in one.notes()]


class _Round:
    """Where a round over all series is, and when the next one begins."""

    def __init__(self, kind: Packable, start: float) -> None:
        self._kind = kind
        self._next = start
        self._at: int | None = None  # the last series that was looked at; None between two rounds
        self._left_over = 0  # blocks of this round

    def is_due(self, now: float) -> bool:
        """Whether there is something to look at; begins a round when its time has come."""
        if self._at is None and now >= self._next:
            self._at, self._left_over, self._next = 0, 0, now + EVERY_SECONDS
        return self._at is not None

    def go_on(self, connection: Connection, before: datetime, shards: Sequence[int]) -> None:
        """Pack what there is to pack of the next few series, or end the round."""
        at = self._at or 0
        with committing(connection):
            series = HourBlocks(connection).series_after(at, SERIES_AT_ONCE, shards)
            if not series:
                self._kind.end(connection, before)
                self._at = None
                return
            found = self._kind.step(connection, series, before)
        self._left_over += found.left_over
        self._at = at if found.blocks == BLOCKS_AT_ONCE else series[-1]

    def notes(self) -> list[str]:
        """Return a sentence, where it is much."""
        if self._at is None or self._left_over < TOLD_FROM:
            return []
        return [
            f"{self._kind.name} of a former version are being moved from rows into blocks:"
            f" {self._left_over:,} blocks so far, at series {self._at}"
        ]
