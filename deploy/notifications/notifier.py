"""Tells people what is due, and remembers it: at least once, and whatever one receiver does, the others are told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter

from deploy.errors import MissingPackageError, NotificationError
from deploy.notifications import record
from deploy.notifications.declaration import Notifications
from deploy.notifications.delivery import deliver
from deploy.notifications.due import Notification, due
from deploy.notifications.message import message
from ingest.backoff import Backoff
from processors.storage.database import Connection
from processors.storage.transactions import committing

RETRY_FIRST, RETRY_LONGEST = 10.0, 300.0  # seconds

MESSAGES: Final = Counter("pharos_notifications", "Messages about alarms, by what became of them.", ["outcome"])

log = structlog.get_logger(__name__)


class Notifier:
    """Tells receivers of a file what is due. ``troubles`` says in sentences who cannot be told, and why."""

    def __init__(self, declared: Notifications, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._declared, self._clock = declared, clock
        self._patience: dict[str, Backoff] = {}
        self._not_before: dict[str, datetime] = {}
        self.troubles: dict[str, str] = {}

    def step(self, connection: Connection, go_on: Callable[[], bool] = lambda: True) -> int:
        """Tell what is due; return how many messages were taken. ``go_on`` is asked between two of them.

        Raises psycopg.Error; what was told and not written down by then is told again.
        """
        with committing(connection):
            alarms, notified, zones = record.alarms(connection), record.notified(connection), record.zones(connection)
        taken = 0
        for one in due(self._declared.routes, alarms, notified, zones, self._clock()):
            if not go_on():
                break
            if self._clock() < self._not_before.get(one.receiver, datetime.min.replace(tzinfo=UTC)):
                continue
            text = message(one, zones[one.city], self._declared.console)
            try:
                deliver(self._declared.receivers[one.receiver], text, self._declared.mail_server)
            except (NotificationError, MissingPackageError) as error:
                self._failed(one, str(error))
                continue
            with committing(connection):
                record.write(connection, one, self._clock())
            self._taken(one)
            taken += 1
        return taken

    def notes(self) -> Sequence[str]:
        """Return who cannot be told, in sentences."""
        return [f"{receiver}: {why}" for receiver, why in sorted(self.troubles.items())]

    def _failed(self, one: Notification, why: str) -> None:
        pause = self._patience.setdefault(one.receiver, Backoff(RETRY_FIRST, RETRY_LONGEST)).next()
        self._not_before[one.receiver] = self._clock() + timedelta(seconds=pause)
        self.troubles[one.receiver] = f"{why}; told again in {pause:.0f} s"
        MESSAGES.labels("failed").inc()
        log.warning("receiver not told", receiver=one.receiver, cause=why, again_in_seconds=round(pause))

    def _taken(self, one: Notification) -> None:
        self._patience.pop(one.receiver, None)
        self._not_before.pop(one.receiver, None)
        self.troubles.pop(one.receiver, None)
        MESSAGES.labels("taken").inc()
        facts = {"city": one.city, "rule": one.rule, "occasion": one.occasion.value}
        log.info("receiver told", receiver=one.receiver, **facts, alarms=len(one.alarms))
