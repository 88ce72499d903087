"""Messages that are answered: one at a time to the store, with what became of its readings; no broker, no queue.

On return what a message says is committed, so whoever is answered need not send it again. Where the store cannot be
used nothing was taken, and whoever sent it does so again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final

import psycopg

from ingest.limits import DEFAULT, PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage, Refusal
from processors.errors import StoreBusyError, StoreFaultError, StoreUnavailableError
from processors.intake.stream import Commit, Stream
from processors.storage.database import Connection, TimeLimits, connect
from processors.storage.failures import classified
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine_quota import DEFAULT_QUOTA, Quota
from processors.storage.readings.repeatable_requests import RepeatableRequest, first_arrival
from processors.storage.readings.sink import Sink
from processors.storage.registry.current_catalogue import CurrentCatalogue

APPLICATION: Final = "pharos api (intake)"
SOURCE: Final = "http"
IMPATIENT: Final = TimeLimits(lock=5, statement=20, idle_in_transaction=60)
"""Somebody waits for the answer."""
TURN_SECONDS: Final = 5.0

Address = Callable[[Catalogue], str]


@dataclass(frozen=True)
class PostedMessage:
    """What somebody sent, who, when [microseconds], and under which key of theirs; without one it is news each time."""

    sender: str
    payload: bytes
    received_at: int
    key: str | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a message: of how many readings what, each refusal, and by which time of arrival."""

    topic: str
    received_at: int
    receipt: Receipt
    refusals: list[Refusal]


@dataclass
class _Open:
    connection: Connection
    current: CurrentCatalogue
    stream: Stream
    commits: list[Commit]


def _ignore(commit: Commit) -> None:
    """Observe nothing."""


class DirectIntake:
    """Stores messages in the database at ``url`` from any thread; connects when the first one comes."""

    def __init__(
        self,
        url: str,
        limits: PayloadLimits = DEFAULT,
        quota: Quota = DEFAULT_QUOTA,
        observe: Callable[[Commit], None] = _ignore,
        keys: KeysOf = none,
    ) -> None:
        self._url, self._limits, self._quota, self._observe, self._keys = url, limits, quota, observe, keys
        self._lock = Lock()
        self._opened: _Open | None = None

    def take(self, message: PostedMessage, address: Address) -> Taken:
        """Store a message on the topic that ``address`` returns by the catalogue as it is now, or that it refuses.

        Raises what ``address`` raises, KeyReusedError, StoreBusyError, StoreUnavailableError or StoreFaultError:
        nothing was taken.
        """
        with self._turn() as opened:
            topic, at = address(opened.current()), message.received_at
            if message.key is not None:
                request = RepeatableRequest(message.sender, message.key, topic, message.payload)
                at = first_arrival(opened.connection, request, at)
            opened.commits.clear()
            receipt = opened.stream.accept([RawMessage(topic, message.payload, at)])
            refusals = [refusal for commit in opened.commits for refusal in commit.refusals]
            return Taken(topic, at, receipt, refusals)

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._forget()

    @contextmanager
    def _turn(self) -> Iterator[_Open]:
        """Hold the connection alone."""
        if not self._lock.acquire(timeout=TURN_SECONDS):
            raise StoreBusyError(f"others have been waited for {TURN_SECONDS:g} s; nothing was taken")
        try:
            with classified():
                yield self._usable()
        except (StoreUnavailableError, StoreFaultError):
            self._forget()
            raise
        finally:
            self._lock.release()

    def _usable(self) -> _Open:
        """Return what is open and answers: a server that was restarted meanwhile costs nobody a message."""
        if self._opened:
            try:
                self._opened.current()
            except psycopg.Error:
                self._forget()
        self._opened = self._opened or self._open()
        return self._opened

    def _open(self) -> _Open:
        connection = connect(self._url, APPLICATION, IMPATIENT)
        current = CurrentCatalogue(connection)
        commits: list[Commit] = []

        def observe(commit: Commit) -> None:
            commits.append(commit)
            self._observe(commit)

        catalogue = current()
        sink = Sink(connection, catalogue, SOURCE, self._quota)
        stream = Stream(sink, catalogue, limits=self._limits, observe=observe, current=current, keys=self._keys)
        return _Open(connection, current, stream, commits)

    def _forget(self) -> None:
        if self._opened:
            self._opened.connection.close()
            self._opened = None
