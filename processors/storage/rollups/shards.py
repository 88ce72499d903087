"""Shards of what is rolled up, by devices: many workers on many machines, and none works on what another does.

A shard is held from one cycle to the next, since the worker remembers the open hours of its series, by a lock of its
session: when that ends, whatever ends it, its transaction is taken back first and the shard is free at once. All series
of a device are in one shard: its sessions are assembled from several of them.
"""

from typing import Final

from processors.storage.at_work import PeerPlace
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

SHARDS: Final = 64  # more than workers of one database; also in the statement that takes marks and the one that packs
EVERY: Final = tuple(range(SHARDS))
KEEPER: Final = 0  # who holds this one does what one has to do for all


class RollupShards:
    """The shards that the session of a connection holds; changed between cycles only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.held: tuple[int, ...] = ()

    @property
    def is_keeper(self) -> bool:
        """Whether this session does what one has to do for all."""
        return KEEPER in self.held

    def balance(self, place: PeerPlace) -> bool:
        """Let go of what is another's share at ``place``, claim of one's own what nobody holds; commits.

        Returns whether any was claimed: what is remembered of its series is void.
        """
        share = {shard for shard in EVERY if shard % place.count == place.before}
        held = set(self.held)
        if held == share:
            return False
        with self._connection.transaction():
            if not held <= share:
                self._connection.execute(SQL["rollup_shards_release"], {"shards": sorted(held - share)})
        self.held = tuple(sorted(held & share))
        with self._connection.transaction():
            rows = self._connection.execute(SQL["rollup_shards_claim"], {"shards": sorted(share - held)}).fetchall()
        claimed = {shard for shard, is_claimed in rows if is_claimed}
        self.held = tuple(sorted({*self.held, *claimed}))
        return bool(claimed)
