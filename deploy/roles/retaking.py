"""Beside storing: what people asked over HTTP to have taken once more of quarantine, a request at a time.

In a thread with connections of its own, through streams of its own by the same steps, so that live readings go on. Of
several processes that store, one does it.
"""

from contextlib import closing
from threading import Thread
from typing import Final

import psycopg
import structlog

from deploy.roles.role import Stop
from deploy.settings import Settings
from ingest.wording import in_words
from processors.errors import ProcessorsError, StoreFaultError
from processors.intake.retaking import StreamOf, retake, streams
from processors.storage.database import Connection, connect
from processors.storage.exclusive import Work, claim
from processors.storage.readings import replay_requests
from processors.storage.readings.replay_requests import ReplayRequest

APPLICATION: Final = "pharos quarantine replay"
EVERY_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


def keep_retaking(settings: Settings, stop: Stop) -> Thread:
    """Do what is asked for until asked to stop; returns the thread."""
    thread = Thread(target=_work, args=(settings, stop), name="retaking", daemon=True)
    thread.start()
    return thread


def _work(settings: Settings, stop: Stop) -> None:
    while not stop:
        try:
            with closing(connect(settings.database(), APPLICATION)) as connection:
                if claim(connection, Work.RETAKING):
                    _serve(connection, settings, stop)
        except (psycopg.Error, ProcessorsError) as error:
            log.warning("quarantine is not replayed, again in 10 s", cause=in_words(error))
        except Exception:  # the outermost loop of this thread: storing goes on whatever happens here
            log.exception("a fault while replaying quarantine")
        stop.wait(RETRY_SECONDS)


def _serve(connection: Connection, settings: Settings, stop: Stop) -> None:
    while not stop.wait(EVERY_SECONDS):
        asked = replay_requests.begin(connection)
        connection.commit()
        if asked:
            kept = settings.quarantine_quota(), settings.pseudonyms()
            with streams(
                settings.database(), APPLICATION, *kept, settings.limits(), settings.meter_keys()
            ) as stream_of:
                trouble = _retaken(connection, asked, stream_of, stop)
            if not stop:  # else it is begun again at the next start: what was taken has left quarantine
                replay_requests.finish(connection, asked.replay_id, trouble)
                connection.commit()


def _retaken(connection: Connection, asked: ReplayRequest, stream_of: StreamOf, stop: Stop) -> str | None:
    """Take what is asked for; returns what ended it before its end, which trying again would not mend."""
    try:
        for part in retake(connection, asked.wanted, stream_of, asked.through):
            replay_requests.note(connection, asked.replay_id, part.messages, part.unchanged, part.readings)
            connection.commit()
            if stop:
                break
    except StoreFaultError as error:
        log.exception("quarantine is not replayed", replay=asked.replay_id)
        return in_words(error)
    return None
