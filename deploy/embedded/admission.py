"""Who is let in at the broker: our own processes at once, whoever speaks once somebody listens.

A broker acknowledges a message to which nobody has subscribed, and forgets it. So at the first start of a data folder
devices and simulator wait until ingest has its queue. The queue outlives every stop; a mark beside it says that it is
there, and goes where it goes.

HOME/listening   the mark
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from deploy.embedded.accounts import SIMULATOR, Account
from deploy.embedded.broker import Broker
from deploy.embedded.credentials import NO_BINDINGS, DeviceCredentials
from ingest.model.binding_rights import Rights

MARK: Final = "listening"


class Admission:
    """Lets accounts in at ``broker``, whose folder is ``home``; ``is_subscribed`` tells whether ingest listens now.

    ``granted`` returns what bindings allow whom as far as ingest listens there, the same object while it is the same.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - who is let in where, and when
        self,
        broker: Broker,
        home: Path,
        services: Sequence[Account],
        devices: DeviceCredentials,
        is_subscribed: Callable[[], bool],
        granted: Callable[[], Mapping[tuple[str, str], Rights]] = lambda: NO_BINDINGS,
    ) -> None:
        self._broker, self._mark, self._is_subscribed = broker, home / MARK, is_subscribed
        self._services, self._devices, self._granted = services, devices, granted
        self._was_subscribed = self._is_open = False
        self._admitted: int | None = None  # the version of the credentials, while the broker was told of them
        self._known: Mapping[tuple[str, str], Rights] = NO_BINDINGS

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
        version, granted = self._devices.version(), self._granted()
        if version == self._admitted and granted is self._known:
            return
        services = [each for each in self._services if self._was_subscribed or each.name != SIMULATOR]
        devices = self._devices.accounts(granted) if self._was_subscribed else ()
        bound = dict.fromkeys(right.listened for rights in granted.values() for right in rights.bound)
        placed = [replace(each, barred=(*each.barred, *bound)) if each.is_unplaced else each for each in services]
        self._broker.admit([*placed, *devices], list(bound))
        self._admitted, self._known = version, granted  # of a broker that could not be told it is not so
