"""How much of what one sender says wrongly is kept: beyond it, refused messages are counted and not kept.

A sender is a device of a city file, by source; all that no city file knows are one sender. What has expired does not
count, so the quota bounds what is kept of the days until then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MESSAGES: Final = 10_000
BYTES: Final = 64 * 2**20

Sender = tuple[int, str]
"""A source id, and the name of a device in its city file; empty for what no file knows."""


@dataclass(frozen=True)
class Quota:
    """Refused messages, and bytes of their payloads, that are kept of each sender."""

    messages: int = MESSAGES
    size: int = BYTES


DEFAULT_QUOTA: Final = Quota()


class Room:
    """What may still be kept of some senders within a transaction; writers at the same time do not see each other."""

    def __init__(self, connection: Connection, senders: Iterable[Sender], quota: Quota) -> None:
        wanted = sorted(set(senders))
        columns = {"source_id": [source for source, _ in wanted], "sender": [sender for _, sender in wanted]}
        self._left = dict.fromkeys(wanted, (quota.messages, quota.size))
        for source, sender, messages, size in connection.execute(SQL["quarantine_held"], columns):
            self._left[source, sender] = quota.messages - messages, quota.size - size

    def take(self, sender: Sender, size: int) -> bool:
        """Tell whether one more payload of ``size`` bytes may be kept, and count it if so."""
        messages, left = self._left[sender]
        if messages < 1 or left < size:
            return False
        self._left[sender] = messages - 1, left - size
        return True
