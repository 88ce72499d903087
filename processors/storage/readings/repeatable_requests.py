"""Requests with a key of their sender: one that comes again is taken as if it had come when it came first.

Readings with a time are known by it. Those without one have the time of their arrival, so with the first one's they are
known too: repeating a request changes nothing, whatever became of the answer, the process or the machine.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from ingest.model.time import from_micros
from processors.errors import KeyReusedError
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True)
class RepeatableRequest:
    """A request: ``sender`` and the ``key`` that it gave, and what it sent where."""

    sender: str
    key: str
    topic: str
    payload: bytes

    @property
    def digest(self) -> bytes:
        """What tells it from others."""
        return _digest(self.sender.encode(), self.key.encode())

    @property
    def content(self) -> bytes:
        """What tells what it holds."""
        return _digest(self.topic.encode("utf-8", "surrogatepass"), self.payload)


def first_arrival(connection: Connection, request: RepeatableRequest, now: int) -> int:
    """Return when ``request`` came first, in microseconds: ``now``, where its key was not given within 24 hours.

    Commits. Raises KeyReusedError where the key was given to a request that held something else.
    """
    with connection.transaction():
        connection.execute(SQL["repeatable_expire"], {"before": from_micros(now) - KEPT})
        given = {"digest": request.digest, "content": request.content, "received_at": from_micros(now)}
        connection.execute(SQL["repeatable_record"], given)
        content, first = connection.execute(SQL["repeatable_known"], given).fetchall()[0]
    if bytes(content) != request.content:
        raise KeyReusedError(f"the key {request.key!r} was given to another request within 24 h; nothing was taken")
    return int(first)


def _digest(first: bytes, second: bytes) -> bytes:
    return sha256(sha256(first).digest() + second).digest()
