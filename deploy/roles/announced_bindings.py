"""The topics of bindings, told by processors to the relay, which knows no database: retained by the broker they share.

On pharos/v1/bindings, as JSON: the MQTT filters that are bound. A processor tells what it has read from the registry.
The relay subscribes to those; until it has heard anything, to what it knew last.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from deploy.causes import STARTING, Unreadiness
from deploy.periodic import Every
from deploy.roles import metrics
from ingest.model.catalogue import Catalogue
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.announcer import Announcer
from ingest.sources.mqtt.client_id import client_id
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.kept_sessions import KeptSessions
from ingest.sources.mqtt.subscription import Subscription
from ingest.topics import BINDINGS

EVERY_SECONDS: Final = 1.0
PEER: Final = "broker (announced bindings)"

log = structlog.get_logger(__name__)


class Announcement:
    """Tells the filters of the catalogue that ``registered`` returns whenever they change, until ``close``."""

    def __init__(self, announcer: Announcer, registered: Callable[[], Catalogue]) -> None:
        self._announcer, self._registered = announcer, registered
        # Where nothing was ever bound nothing is announced, and no right to do so is needed.
        self._announced: Sequence[str] = ()
        self._every = Every(EVERY_SECONDS, self._tell)

    def close(self) -> None:
        """Tell no more; what was told last stays with the broker."""
        self._every.close()

    def _tell(self) -> None:
        filters = self._registered().bindings.filters
        if filters != self._announced and self._announcer.is_connected:
            self._announcer.announce(BINDINGS, written(filters))
            self._announced = filters


class AnnouncedBindings:
    """Hears of them at ``endpoint``, from construction to ``close``; ``folder`` says what was known last."""

    def __init__(self, endpoint: Endpoint, folder: Path, causes: Unreadiness) -> None:
        self._causes = causes
        self._filters: Sequence[str] = tuple(sorted(KeptSessions(folder).filters()))
        causes.set(PEER, STARTING)
        identity, report = client_id(folder, "bindings"), metrics.reporter(causes, PEER)
        self._source = Subscription(endpoint, identity, BINDINGS, report, is_insistent=True)

    def __call__(self) -> Sequence[str]:
        """Return the filters that are bound, as far as is known now; the same object while they are the same."""
        if deliveries := self._source.take(BatchLimit(), 0.0, 0.0):
            announced = read(deliveries[-1].message.payload)
            self._source.acknowledge(deliveries)
            if announced is not None and set(announced) != set(self._filters):
                self._filters = announced
        return self._filters

    def close(self) -> None:
        """End the connection; the session stays with the broker."""
        self._source.close()
        self._causes.clear(PEER)


def written(filters: Sequence[str]) -> bytes:
    """Return the announcement of ``filters``."""
    return json.dumps(sorted(filters)).encode()


def read(announcement: bytes) -> tuple[str, ...] | None:
    """Return the filters of an announcement; None, and a word in the log, for what is none."""
    try:
        filters = json.loads(announcement)
    except ValueError:
        filters = None
    if isinstance(filters, list) and all(isinstance(each, str) and each for each in filters):
        return tuple(filters)
    log.warning("announced bindings that cannot be read are passed over", topic=BINDINGS)
    return None
