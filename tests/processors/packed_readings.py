"""Readings packed at once, as the chore of who rolls up packs them in time; no rollup waits for them any more."""

from datetime import UTC, datetime
from typing import Final

from processors.storage.database import Connection
from processors.storage.readings import blocks

ALWAYS: Final = datetime(9999, 1, 1, tzinfo=UTC)
_ALL: Final = 1_000_000


def pack_readings(connection: Connection) -> int:
    """Pack every reading, however few of a block there are; returns how many blocks were packed."""
    series = [one for (one,) in connection.execute("select distinct series_id from observation")]
    with connection.transaction():
        connection.execute("truncate observation_mark")
        return blocks.pack(connection, series, blocks.Due(ALWAYS, -1.0, at_least=1), _ALL).blocks
