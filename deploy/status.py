"""What runs and what does not move: asked of every role at its internal listener, and said in sentences.

Roles and addresses are those of PHAROS_ROLES. A name with several addresses, such as that of a service with replicas,
stands for as many processes.
"""

import json
import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import Any, Final

from deploy.settings import Address

PATIENCE_SECONDS: Final = 3.0
AT_ONCE: Final = 16  # places asked at the same time
UNHEARD: Final = "process"
SILENCE: Final = "silence of the database"
BROKER: Final = "broker"
STANDING_BY: Final = "alone"
#: Causes that say what they mean themselves: the role's own work goes on.
_COMPLETE: Final = frozenset({"registry", "kafka lag", STANDING_BY})
#: The roles between a device and the store; "up" speaks for the broker.
_MACHINE: Final = "up"
_TAKING: Final = frozenset({"ingest", "process", _MACHINE})
_LAST: Final = "oldest"  # that something waits is a consequence: any other cause of the same role explains more


@dataclass(frozen=True)
class Trouble:
    """Why something does not move, and since when."""

    name: str
    sentence: str
    since: datetime


@dataclass(frozen=True)
class Standing:
    """What one process says of itself; ``oldest`` is the age in seconds of what waits, by name."""

    role: str
    address: str
    means: str = ""
    troubles: Sequence[Trouble] = ()
    oldest: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def is_standing_by(self) -> bool:
        """Whether it only waits to take over."""
        return [one.name for one in self.troubles] == [STANDING_BY]

    @property
    def first(self) -> Trouble | None:
        """The cause that explains the others: a database that does not answer, otherwise the oldest."""
        order = sorted(self.troubles, key=lambda one: (one.since, one.name))
        ranked = sorted(order, key=lambda one: (one.name != SILENCE) + one.name.startswith(_LAST))
        return None if self.is_standing_by else next(iter(ranked), None)


class Roles:
    """Asks roles how they stand, and remembers since when one does not answer; keeps connections until ``close``."""

    def __init__(self) -> None:
        self._unheard: dict[tuple[str, str], datetime] = {}
        self._connections: dict[tuple[str, Address], HTTPConnection] = {}
        self._threads = ThreadPoolExecutor(AT_ONCE, "status")
        self._asking = Lock()
        self._is_closed = False

    def close(self) -> None:
        """Ask no more, and end the connections; waits for who is being asked."""
        with self._asking:
            self._is_closed = True
            self._threads.shutdown()
            self._keep_only(())

    def ask(self, roles: Mapping[str, Address]) -> list[Standing]:
        """Return how each process of ``roles`` stands, in their order; takes seconds at most."""
        places = [(role, place) for role, address in roles.items() for place in _places(address)]
        with self._asking:
            if self._is_closed:
                return []
            self._keep_only(places)
            return list(self._threads.map(lambda one: self._ask(*one), places))

    def _keep_only(self, places: Iterable[tuple[str, Address]]) -> None:
        for gone in self._connections.keys() - set(places):
            self._connections.pop(gone).close()

    def _ask(self, role: str, place: Address) -> Standing:
        try:
            answer = self._get(role, place)
        except (OSError, HTTPException, ValueError) as error:
            since = self._unheard.setdefault((role, str(place)), datetime.now(UTC))
            trouble = Trouble(UNHEARD, f"{error or type(error).__name__} at {place}", since)
            return Standing(role, str(place), f"{role} does not answer", [trouble])
        self._unheard.pop((role, str(place)), None)
        return _standing(role, str(place), answer)

    def _get(self, role: str, place: Address) -> dict[str, Any]:
        """Ask on the connection that is kept; where it was ended meanwhile, on a new one."""
        if kept := self._connections.pop((role, place), None):
            with suppress(ConnectionError):
                return self._answer(role, place, kept)
        return self._answer(role, place, HTTPConnection(place.host, place.port, timeout=PATIENCE_SECONDS))

    def _answer(self, role: str, place: Address, connection: HTTPConnection) -> dict[str, Any]:
        """Keep ``connection`` once it has answered, and only then: after a fault nobody knows what comes on it."""
        try:
            connection.request("GET", "/ready")
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError):
            connection.close()
            raise
        self._connections[role, place] = connection
        return answer


def sentences(standings: Iterable[Standing]) -> list[str]:
    """Return one sentence for each cause: what does not move, since when and why; empty when everything does."""
    standings = list(standings)
    serving = {one.role for one in standings if not one.troubles}
    whole: dict[str, None] = {}
    grouped: dict[str, tuple[list[str], datetime]] = {}
    for one in standings:
        cause = one.first or (one.troubles[0] if one.is_standing_by and one.role not in serving else None)
        if cause is None:
            continue
        if cause.name in _COMPLETE or not one.means or cause.sentence.startswith(one.means):
            whole[cause.sentence] = None
            continue
        means, since = grouped.get(cause.sentence, ([], cause.since))
        grouped[cause.sentence] = ([*means, *([one.means] if one.means not in means else [])], min(since, cause.since))
    caused = [f"{'; '.join(means)} since {since:%H:%M:%S}Z: {why}" for why, (means, since) in grouped.items()]
    return [*caused, *whole]


def takes_messages(standings: Iterable[Standing]) -> bool:
    """Tell whether what devices say is taken and stored now, as far as anybody knows."""
    return not any(
        trouble.name not in _COMPLETE and (one.role != _MACHINE or trouble.name == BROKER)
        for one in standings
        if one.role in _TAKING
        for trouble in one.troubles
    )


def _standing(role: str, place: str, answer: Mapping[str, Any]) -> Standing:
    since = answer.get("since", {})
    troubles = [
        Trouble(name, sentence, datetime.fromisoformat(since[name]) if name in since else datetime.now(UTC))
        for name, sentence in answer["causes"].items()
    ]
    oldest, notes = answer.get("oldest_waiting_seconds", {}), answer.get("notes", ())
    return Standing(role, place, answer.get("means", ""), troubles, oldest, notes)


def _places(address: Address) -> list[Address]:
    """Return every address that the name has; one that cannot be resolved stands for itself."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError:
        return [address]
    return sorted({Address(str(place[0]), int(place[1])) for *_, place in found})
