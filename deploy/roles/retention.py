"""A chore of who rolls up, once an hour between two cycles: old raw readings are dropped, where it was asked for.

By one process for all; no cycle that computes rollups is under way meanwhile, of any process.
"""

import time
from collections.abc import Callable
from typing import Final

import psycopg
import structlog

from processors.storage.database import Connection
from processors.storage.schema.retention import expire

EVERY_SECONDS: Final = 3600.0

log = structlog.get_logger(__name__)


class Retention:
    """Drops readings older than ``days`` when its hour has come; None keeps them for ever."""

    def __init__(self, days: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._days = days
        self._clock = clock
        self._next = clock()

    def attend(self, connection: Connection) -> None:
        """Drop what is old enough, at most once an hour; what holds it back, or is in its way, is said."""
        if self._days is None or self._clock() < self._next:
            return
        self._next = self._clock() + EVERY_SECONDS
        try:
            expiry = expire(connection, self._days)
        except psycopg.errors.LockNotAvailable:
            log.warning("old readings not dropped, again in an hour", cause="somebody reads or writes them")
            return
        if expiry.held_by:
            log.warning("old readings not dropped, again in an hour", still_to_compute=expiry.held_by)
        elif expiry.horizon:
            log.info("old readings dropped", before=expiry.horizon.isoformat(), kept=expiry.kept)
