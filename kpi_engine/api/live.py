"""Live events: one poller for all who watch, and for each of them only what changed since they were last told.

Where the database cannot be read, watchers are told so at once: they must not show what they have as current.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from threading import Lock
from typing import Final

import psycopg
import structlog
from fastapi.sse import ServerSentEvent
from psycopg_pool import ConnectionPool

from ingest.model.sentences import Sentence
from ingest.model.time import SECOND, isoformat
from ingest.wording import in_words
from kpi_engine.api.access import Caller, Resource
from kpi_engine.api.clock import Clock
from kpi_engine.api.progress_sentences import AskStanding, unknown
from kpi_engine.api.topics import TOPICS, News
from kpi_engine.privacy.viewing import Viewing
from processors.storage.database import Connection

INTERVAL: Final = 5.0
"""Seconds between two polls."""
STREAM_SECONDS: Final = 600.0
"""A stream ends after this long and the browser asks again, so that a revoked token soon sees no more."""
RETRY: Final = ServerSentEvent(retry=2000)
SLOW_SECONDS: Final = 10.0
"""A poll that has not ended by then is told as one that will not."""

_log = structlog.get_logger(__name__)


class Live:
    """Polls while somebody watches, and streams what changed."""

    def __init__(
        self,
        pool: ConnectionPool[Connection],
        clock: Clock,
        interval: float = INTERVAL,
        standing: AskStanding = unknown,
    ) -> None:
        self._pool = pool
        self._standing = standing
        self._clock = clock
        self._interval = interval
        self._news = {topic: News(topic.key) for topic in TOPICS}
        self._limited = {topic: News(topic.key) for topic in TOPICS if topic.is_limited}
        self._version = 0
        self._is_failing = False
        self._began = 0.0
        self._read_at = clock()
        self._watchers = 0
        self._poller: asyncio.Task[None] | None = None
        self._polling = Lock()
        self._next_round = asyncio.Event()
        self._has_polled = False
        self._stopped = False

    async def watch(self, caller: Caller, city: str | None = None) -> AsyncGenerator[ServerSentEvent]:
        """Yield server-sent events for ``caller``: first everything it may see, then what changes; of ``city`` only."""
        loop = asyncio.get_running_loop()
        deadline, sent = loop.time() + STREAM_SECONDS, 0
        self._join()
        try:
            yield RETRY
            while loop.time() < deadline and not self._stopped:
                next_round, version = self._next_round, self._version
                if self._has_polled:
                    for event in self._events(caller, city, sent):
                        yield event
                    sent = version
                if self._has_polled or self._problem():
                    yield self._heartbeat(caller)
                with suppress(TimeoutError):  # a poll that hangs must not silence what tells of it
                    await asyncio.wait_for(next_round.wait(), 2 * self._interval)
        finally:
            self._leave()

    def stop(self) -> None:
        """End every stream; call it in the event loop."""
        self._stopped = True
        self._next_round.set()

    def _join(self) -> None:
        self._watchers += 1
        if self._poller is None:
            self._has_polled = self._is_failing = False
            self._began, self._read_at = asyncio.get_running_loop().time(), self._clock()
            self._poller = asyncio.create_task(self._poll_forever())

    def _leave(self) -> None:
        self._watchers -= 1
        if self._watchers == 0 and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    async def _poll_forever(self) -> None:
        while not self._stopped:
            self._began = asyncio.get_running_loop().time()
            try:
                await asyncio.to_thread(self._poll)
                self._is_failing, self._read_at = False, self._clock()
            except psycopg.OperationalError as error:
                self._is_failing = True
                _log.warning("live poll failed", cause=in_words(error))
            except Exception:  # noqa: BLE001 - outermost loop; a poller that died would leave everyone waiting
                self._is_failing = True
                _log.exception("live poll failed")
            self._has_polled = True
            done, self._next_round = self._next_round, asyncio.Event()
            done.set()
            await asyncio.sleep(self._interval)

    def _poll(self) -> None:
        with self._polling, self._pool.connection() as connection:
            now, version = self._clock(), self._version + 1
            found = {topic: topic.read(connection, now) for topic in TOPICS}
            for topic, things in found.items():
                self._news[topic].update(things, version)
            for topic, news in self._limited.items():
                news.update(topic.limited(Viewing(connection, now, is_limited=True), found[topic]), version)
            self._version = version

    def _events(self, caller: Caller, city: str | None, sent: int) -> list[ServerSentEvent]:
        if not self._version:
            return []

        def covers(one: str) -> bool:
            return city in {None, one} and caller.token.covers(one)

        every = self._news | self._limited if caller.is_limited else self._news
        allowed = ((topic, news) for topic, news in every.items() if caller.may(topic.resource))
        items = ((topic.name, news.since(sent, covers)) for topic, news in allowed)
        return [ServerSentEvent(event=name, raw_data=news) for name, news in items if news is not None]

    def _problem(self) -> str | None:
        """Return why nothing is current, if so; also while a poll hangs."""
        hangs = self._poller is not None and asyncio.get_running_loop().time() - self._began > SLOW_SECONDS
        if not (self._is_failing or hangs):
            return None
        return Sentence("the database cannot be read since {time}").of(time=isoformat(self._read_at // SECOND * SECOND))

    def _heartbeat(self, caller: Caller) -> ServerSentEvent:
        standing = self._standing()
        state = {
            "now": isoformat(self._clock()),
            "problem": self._problem(),
            "stuck": standing.stuck_for(caller.may(Resource.DEVICES)),
            "notes": list(standing.notes),
        }
        return ServerSentEvent(event="heartbeat", data=state)
