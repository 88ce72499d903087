"""Looks at the database from beside a role's work, in a thread of its own: whether it answers, who holds up whom.

What a loop that hangs cannot tell is told here: on a connection that gives up after seconds, whatever the server does.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

import psycopg
import structlog

from deploy.causes import Cause
from deploy.progress import Progress
from deploy.status import SILENCE
from ingest.wording import in_words
from processors.storage.database import Connection, look
from processors.storage.statements import statements

SQL: Final = statements(__name__)

EVERY_SECONDS: Final = 5.0
SILENT_SECONDS: Final = 20.0
"""Without an answer for so long the database counts as silent: a look and the patience of its connection."""
REMEMBERED_SECONDS: Final = 15.0
LOOK_SHARE: Final = 0.05
"""So much of the time a look may take: one that reads a long queue is done more seldom."""
LONGEST_REST_SECONDS: Final = 60.0
DOES_NOT_ANSWER: Final = "the database does not answer"

Look = Callable[[Connection], None]

log = structlog.get_logger(__name__)


class Observer:
    """Looks at the database at ``url`` from construction to ``close``; ``applications`` name the sessions of the role.

    ``looks`` are done each time, each in a transaction of its own that may fail: of a lock, for one.
    """

    def __init__(  # noqa: PLR0913 - two of them are for tests
        self,
        url: str,
        applications: Sequence[str],
        progress: Progress,
        looks: Sequence[Look] = (),
        *,
        every: float = EVERY_SECONDS,
        silent: float = SILENT_SECONDS,
    ) -> None:
        self._url, self._applications, self._progress, self._looks = url, applications, progress, looks
        self._every, self._silent = every, silent
        self._answered = time.monotonic()
        self._answered_at = datetime.now(UTC)
        self._held_up: str | None = None
        self._held_up_at = 0.0
        self._due = [0.0 for _ in looks]
        self._closed = Event()
        progress.why = self.why
        self._thread = Thread(target=self._watch, name="observer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking; a look at a frozen server is left to its fate."""
        self._closed.set()

    def why(self) -> str | None:
        """Return what holds the role up, as far as the database is what does."""
        if self._is_silent:
            return DOES_NOT_ANSWER
        return self._held_up

    def causes(self) -> dict[str, Cause]:
        """Return that the database does not answer, while it does not."""
        return {SILENCE: Cause(DOES_NOT_ANSWER, self._answered_at)} if self._is_silent else {}

    @property
    def _is_silent(self) -> bool:
        return time.monotonic() - self._answered > self._silent

    def _watch(self) -> None:
        while not self._closed.is_set():
            try:
                with closing(look(self._url, f"{self._applications[0]} observer")) as connection:
                    while not self._closed.is_set():
                        self._look(connection)
                        self._closed.wait(self._every)
            except psycopg.Error as error:
                log.debug("the database was not looked at", cause=in_words(error))
                self._closed.wait(1.0)
            except Exception:  # the outermost loop of this thread: without it a role would say that all is well
                log.exception("a fault while looking at the database")
                self._closed.wait(self._every)

    def _look(self, connection: Connection) -> None:
        connection.execute("select 1")
        connection.rollback()
        self._answered, self._answered_at = time.monotonic(), datetime.now(UTC)
        self._held_up = self._held_up_lately(connection) if self._progress.is_held_up else None
        connection.rollback()
        for number, each in enumerate(self._looks):
            began = time.monotonic()
            if began < self._due[number]:
                continue
            try:
                each(connection)
            except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
                log.debug("not looked at", cause=in_words(error))
            else:
                rest = min(LONGEST_REST_SECONDS, (time.monotonic() - began) / LOOK_SHARE)
                self._due[number] = began + rest
            finally:
                connection.rollback()

    def _held_up_lately(self, connection: Connection) -> str | None:
        """Return what holds the role up now, or did a moment ago: between two attempts it waits for nothing."""
        found, now = held_up(connection, self._applications), time.monotonic()
        if found:
            self._held_up_at = now
        return found or (self._held_up if now - self._held_up_at < REMEMBERED_SECONDS else None)


class Oldest:
    """The age of the oldest row of a queue, as a statement tells it; it goes on ageing between two looks."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._since: float | None = None

    def __call__(self) -> float | None:
        """Return the age in seconds; None when nothing waits."""
        return None if self._since is None else time.monotonic() - self._since

    def look(self, connection: Connection) -> None:
        """Ask for the age; where that fails, what was known before goes on ageing."""
        row = connection.execute(self._statement).fetchone()
        self._since = time.monotonic() - float(row[0]) if row and row[0] is not None else None


class TakenAway:
    """Whether a table whose name matches ``pattern`` is locked by a session for itself alone, seen twice in a row."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._latest: Cause | None = None
        self._before: Cause | None = None

    def causes(self) -> dict[str, Cause]:
        """Return who has locked what since when."""
        both = self._latest and self._before
        return {"lock": both} if both else {}

    def look(self, connection: Connection) -> None:
        """See who holds what."""
        row = connection.execute(SQL["taken_away"], {"pattern": self._pattern}).fetchone()
        if row is None:
            self._latest = self._before = None
            return
        sentence = f"{row[0]} cannot be read: {_holder(*row[1:])} has locked it for itself"
        if self._latest and self._latest.sentence == sentence:
            self._before = self._latest
        else:
            self._latest, self._before = Cause(sentence, datetime.now(UTC)), None


def held_up(connection: Connection, applications: Sequence[str]) -> str | None:
    """Return which lock sessions of these names wait for and who holds it; None when they wait for none."""
    row = connection.execute(SQL["held_up"], {"applications": list(applications)}).fetchone()
    return f"it waits for a lock on {row[0]}, held by {_holder(*row[1:])}" if row else None


def _holder(pid: int, application: str, role: str) -> str:
    return f"database session {pid} ({application}, of {role})"
