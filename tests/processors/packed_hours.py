"""Hours packed at once, as the chore of who rolls up packs them in time."""

from datetime import UTC, datetime
from typing import Final

from processors.storage.database import Connection
from processors.storage.rollups.blocks import HourBlocks

ALWAYS: Final = datetime(9999, 1, 1, tzinfo=UTC)
_ALL: Final = 1_000_000


def pack_hours(connection: Connection, before: datetime = ALWAYS) -> int:
    """Pack every hour before an instant, however lately it was written; returns how many blocks were packed."""
    blocks = HourBlocks(connection)
    with connection.transaction():
        found = blocks.to_pack(blocks.series_after(0, _ALL), before, -1.0, _ALL)
        blocks.pack([(block.series_id, block.starts) for block in found], before)
    return len(found)
