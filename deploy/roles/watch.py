"""What the roles say of themselves, asked every few seconds by one that tells it on: to the console, or to alarms."""

from collections.abc import Callable, Mapping, Sequence

from deploy.periodic import Every
from deploy.settings import Address
from deploy.status import Roles, Standing

EVERY_SECONDS = 5.0


class RoleWatch:
    """Asks the roles that ``addresses`` returns, which may move, from construction to ``close``."""

    def __init__(self, addresses: Callable[[], Mapping[str, Address]], every: float = EVERY_SECONDS) -> None:
        self._addresses = addresses
        self._asked = Roles()
        self._standings: Sequence[Standing] = ()
        self._every = Every(every, self._ask)

    def __call__(self) -> Sequence[Standing]:
        """Return how each role stood when it was asked last; nothing before that."""
        return self._standings

    def close(self) -> None:
        """Ask no more."""
        self._every.close()

    def _ask(self) -> None:
        self._standings = self._asked.ask(self._addresses())
