"""Shards of the agenda, of cities and of groups of sites: many workers compute at once, and none what another does.

A worker claims shards for one portion of figures and lets them go when it is written. A claim is a lock of its session
in the database, so a worker that dies gives up what it had claimed at once, and half of a portion is never seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@contextmanager
def claimed(connection: Connection, limit: int) -> Iterator[list[int]]:
    """Claim the shards of the ``limit`` most urgent figures that nobody else works on; none where there are no such.

    Commits. The snapshot by which they are worked off has to be taken inside: it then has all that the last worker of
    each of them wrote.
    """
    shards: list[int] = []
    try:
        shards += _claim(connection, limit)
        yield shards
    finally:
        if shards and not connection.closed:
            with connection.transaction():
                connection.execute(SQL["shards_release"], {"shards": shards})


def _claim(connection: Connection, limit: int) -> list[int]:
    others: list[int] = []
    while True:
        with connection.transaction():
            rows = connection.execute(SQL["shards_claim"], {"others": others, "limit": limit}).fetchall()
        found = [shard for shard, is_claimed in rows if is_claimed]
        if found or not rows:
            return found
        others += [shard for shard, _ in rows]
