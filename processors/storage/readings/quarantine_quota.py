"""How much of what one sender says wrongly is kept: beyond it, refused messages are counted and not kept.

A sender is a device of a city file, by source. Of what no city file knows, the newest is kept, so that a device that is
set up just now is seen: each stranger has a tenth, and all of a source together what one device has. What has expired
does not count, so the quota bounds what is kept of the days until then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MESSAGES: Final = 10_000
BYTES: Final = 64 * 2**20
STRANGERS: Final = 10  # that fill what is kept of all of them
LOOKED_AFTER: Final = 100  # messages of strangers, or a hundredth of the quota's bytes, and room is made

Sender = tuple[int, str]
"""A source id, and the name of a device in its city file; empty for what no file knows."""


@dataclass(frozen=True)
class Quota:
    """Refused messages, and bytes of their payloads, that are kept of each sender."""

    messages: int = MESSAGES
    size: int = BYTES

    @property
    def of_a_stranger(self) -> "Quota":
        """What is kept of one sender that no city file knows."""
        return Quota(-(-self.messages // STRANGERS), -(-self.size // STRANGERS))


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


class Strangers:
    """Makes room among what no city file knows: the oldest goes, and is counted in one row for each sender and reason.

    Looking for it takes a look at all that is kept, so it is done once for many messages, which are kept meanwhile.
    """

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._sources: set[int] = set()
        self._messages = self._size = 0

    def keep(self, connection: Connection, kept: Iterable[tuple[int, int]]) -> None:
        """Note sources and bytes of messages that are ``kept`` now, and make room where it is time."""
        for source, size in kept:
            self._sources.add(source)
            self._messages, self._size = self._messages + 1, self._size + size
        patience = min(LOOKED_AFTER, self._quota.messages // LOOKED_AFTER), self._quota.size // LOOKED_AFTER
        if not self._sources or (self._messages <= patience[0] and self._size <= patience[1]):
            return
        each = self._quota.of_a_stranger
        parameters = {
            "sources": sorted(self._sources),
            "messages": each.messages,
            "size": each.size,
            "all_messages": self._quota.messages,
            "all_size": self._quota.size,
        }
        connection.execute(SQL["quarantine_make_room"], parameters)
        self._sources.clear()
        self._messages = self._size = 0
