"""The role that tells people of alarms: looks every few seconds at what is due, by a file of receivers and routes.

Trials that somebody asks for in the console are sent between two looks.
"""

from typing import Final

from deploy.causes import Unreadiness
from deploy.notifications.notifier import Notifier
from deploy.notifications.trials import NotificationTrials
from deploy.progress import Loop
from deploy.roles.role import Stop, wait_to_be_alone
from processors.storage.database import Connection
from processors.storage.exclusive import Work

APPLICATION: Final = "pharos notify"
MEANS: Final = "nobody is told of alarms"
TABLES: Final = "^(alarm|device|site|city)"
EVERY_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 300.0  # many receivers, each of which may answer slowly


class NotifyRole:
    """Tells what is due; ``run`` goes on until asked to stop."""

    def __init__(self, notifier: Notifier, trials: NotificationTrials, causes: Unreadiness, stop: Stop) -> None:
        self._notifier, self._trials, self._causes, self._stop = notifier, trials, causes, stop
        self.loop = Loop("telling people", MEANS, PATIENCE_SECONDS)

    def run(self, connection: Connection) -> None:
        """Tell people of what is on ``connection`` until asked to stop."""
        if not wait_to_be_alone(connection, Work.NOTIFICATIONS, self._causes, self._stop):
            return
        self._trials.note_receivers(connection)
        while not self._stop:
            with self.loop.piece():
                self._notifier.step(connection, lambda: not self._stop)
                is_busy = self._trials.step(connection, lambda: not self._stop)
            if not is_busy:
                self._stop.wait(EVERY_SECONDS)
