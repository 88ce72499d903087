"""Trials that people ask for in the console: every receiver of a city by every way, and what became of each."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog

from deploy.errors import MissingPackageError, NotificationError
from deploy.notifications.declaration import Notifications
from deploy.notifications.delivery import Way, deliver_by, ways
from deploy.notifications.message import trial as trial_message
from kpi_engine.alarms import trials
from kpi_engine.alarms.trials import AlarmTrial, ToldReceiver, TrialResult
from processors.storage.database import Connection
from processors.storage.transactions import committing

log = structlog.get_logger(__name__)


class NotificationTrials:
    """Lets others know who can be told, and sends the trials they ask for; alarms do not wait for their ends."""

    def __init__(self, declared: Notifications, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._declared, self._clock = declared, clock

    def note_receivers(self, connection: Connection) -> None:
        """Write down who is told of alarms of which city; raises psycopg.Error."""
        with committing(connection):
            trials.note_receivers(connection, told_receivers(self._declared))

    def step(self, connection: Connection, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Try the next way that somebody asked for and return True, False where nothing is left; raises psycopg.Error.

        One way is tried at a time, so that alarms are looked at in between. What was sent and not written down by the
        time the notifier ended is sent again.
        """
        with committing(connection):
            waiting = trials.waiting(connection)
        if not waiting or not go_on():
            return False
        first = waiting[0]
        with committing(connection):
            known = {(done.receiver, done.way) for done in trials.results(connection, first.trial_id)}
        left = [way for way in self._ways(first.city) if way not in known]
        if left:
            self._try(connection, first, *left[0])
        if len(left) <= 1:
            with committing(connection):
                trials.finish(connection, first.trial_id)
        return True

    def _ways(self, city: str) -> Iterable[tuple[str, Way]]:
        for one in told_receivers(self._declared):
            if one.cities is None or city in one.cities:
                yield from ((one.receiver, Way(way)) for way in one.ways)

    def _try(self, connection: Connection, asked: AlarmTrial, name: str, way: Way) -> None:
        text = trial_message(name, self._declared.console, asked.city, asked.asked_by)
        trouble = None
        try:
            deliver_by(way, self._declared.receivers[name], text, self._declared.mail_server)
        except (NotificationError, MissingPackageError) as error:
            trouble = str(error)
        with committing(connection):
            trials.note(connection, asked.trial_id, TrialResult(name, way, self._clock(), trouble))
        log.info("receiver sent a trial", receiver=name, way=way.value, city=asked.city, cause=trouble)


def told_receivers(declared: Notifications) -> list[ToldReceiver]:
    """Return who may be told of alarms of which cities, by the routes of a file and their escalations."""
    found: dict[str, set[str] | None] = {}
    for route in declared.routes:
        for name in (route.receiver, *(step.receiver for step in route.escalate)):
            before = found.get(name, set())
            found[name] = None if before is None or not route.cities else before | set(route.cities)
    return [
        ToldReceiver(
            name,
            [way.value for way in ways(declared.receivers[name])],
            None if cities is None else sorted(cities),
        )
        for name, cities in sorted(found.items())
    ]
