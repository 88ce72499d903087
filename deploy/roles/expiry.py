"""An hourly chore beside storing: raw payloads of refused messages may hold personal data, and are cleared in time.

In a thread with a connection of its own, since clearing many must not hold up readings. The rows and their counts stay.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Final

import psycopg
import structlog

from deploy.roles.role import Stop
from ingest.wording import in_words
from processors.storage.database import connect
from processors.storage.readings import repetitions
from processors.storage.readings.quarantine import expire

EVERY_SECONDS: Final = 3600.0

log = structlog.get_logger(__name__)


def keep_expiring(url: str, days: int, stop: Stop) -> Thread:
    """Clear now and once an hour what last came more than ``days`` ago, until asked to stop; returns the thread."""
    thread = Thread(target=_work, args=(lambda: expire_older_than(url, days), stop), name="expiry", daemon=True)
    thread.start()
    return thread


def expire_older_than(url: str, days: int) -> int:
    """Clear what last came more than ``days`` ago, and what is counted of devices; returns how many payloads."""
    with closing(connect(url, "pharos expiry")) as connection:
        before = datetime.now(UTC) - timedelta(days=days)
        repetitions.expire(connection, before)
        return expire(connection, before)


def _work(clear: Callable[[], int], stop: Stop) -> None:
    while not stop:
        try:
            if cleared := clear():
                log.info("payloads of refused messages expired", count=cleared)
        except psycopg.OperationalError as error:
            log.warning("refused messages not looked at, again in an hour", cause=in_words(error))
        stop.wait(EVERY_SECONDS)
