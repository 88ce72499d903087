"""Who is let in at the broker: our own processes at once, whoever speaks once somebody listens.

A broker acknowledges a message to which nobody has subscribed, and forgets it. So at the first start of a data folder
devices and simulator wait until ingest has its queue. The queue outlives every stop; a mark beside it says that it is
there, and goes where it goes.

HOME/listening   the mark
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.embedded.accounts import SIMULATOR, Account
from deploy.embedded.broker import Broker
from deploy.embedded.credentials import DeviceCredentials

MARK: Final = "listening"


class Admission:
    """Lets accounts in at ``broker``, whose folder is ``home``; ``is_subscribed`` tells whether ingest listens now."""

    def __init__(
        self,
        broker: Broker,
        home: Path,
        services: Sequence[Account],
        devices: DeviceCredentials,
        is_subscribed: Callable[[], bool],
    ) -> None:
        self._broker, self._mark, self._is_subscribed = broker, home / MARK, is_subscribed
        self._services, self._devices = services, devices
        self._was_subscribed = self._is_open = False
        self._admitted: int | None = None  # the version of the credentials, while the broker was told of them

    def is_open(self) -> bool:
        """Let in whoever may come by now; tell whether devices are among them and the broker has taken note."""
        self.renew()
        self._is_open = self._is_open or (self._was_subscribed and self._broker.has_taken_note())
        return self._is_open

    def renew(self) -> None:
        """Let the broker know who is let in, where that has changed."""
        if not self._was_subscribed and (self._mark.exists() or self._is_subscribed()):
            self._mark.touch()
            self._was_subscribed, self._admitted = True, None
        if (version := self._devices.version()) == self._admitted:
            return
        self._admitted = version
        services = [each for each in self._services if self._was_subscribed or each.name != SIMULATOR]
        self._broker.admit([*services, *(self._devices.accounts() if self._was_subscribed else ())])
