"""Access for everybody: no token, few requests of one address, and few at once of all, before any work is done."""

from collections.abc import AsyncIterator
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from fastapi import Depends, Request

from kpi_engine.api.database import Database
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.hours import Subjects
from kpi_engine.api.rates import Rate, RequestRates
from kpi_engine.api.turns import Turns
from kpi_engine.open_data.opened import OpenedCity, opened
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection

EVERYBODY: Final = Rate(2.0, 60.0, "open requests of one address", "Ask again then, or take a table instead of pages")
EACH: Final = 2
TOGETHER: Final = 3
"""Open requests of all addresses at the same time: fewer than half of the connections."""
_NETWORK_BITS: Final = 64  # a household or a firm has as many addresses of IPv6 as it likes, all in one network


def open_turns() -> Turns:
    """Return the turns of open requests."""
    return Turns(EACH, TOGETHER)


def address(request: Request) -> bytes:
    """Return a digest of where a request comes from; a token or a cookie that it brings does not matter."""
    return sha256(network(request.client.host if request.client else "").encode()).digest()


def network(host: str) -> str:
    """Return an address, of IPv6 its network."""
    try:
        known = ip_address(host)
    except ValueError:
        return host
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(ip_network(f"{known}/{_NETWORK_BITS}", strict=False))
    return str(known)


async def rate(request: Request) -> None:
    """Refuse a request where its address asks too often."""
    rates: RequestRates = request.app.state.open_rates
    rates.take(address(request))


async def _turn(request: Request) -> AsyncIterator[None]:
    turns: Turns = request.app.state.open_turns
    async with turns.one(address(request)):
        yield


ONCE: Final = (Depends(rate), Depends(_turn, scope="function"))
"""Dependencies of an open resource: its turn is over when its answer is made."""
STREAMED: Final = (Depends(rate), Depends(_turn, scope="request"))
"""Of one whose answer is made while it is sent."""


class OpenAccess:
    """What an open request reads with."""

    def __init__(self, request: Request, connection: Database) -> None:
        self._subjects: Subjects = request.app.state.subjects
        self.connection: Connection = connection

    @property
    def index(self) -> SubjectIndex:
        """Whom figures are of, as the database knows it now."""
        return self._subjects.current(self.connection)

    def cities(self) -> list[OpenedCity]:
        """Return the cities that have opened figures."""
        return opened(self.index)

    def city(self, name: str) -> OpenedCity:
        """Return one of them; raises NotFoundError, whether it is not open or is not there at all."""
        found = next((one for one in self.cities() if one.city.name == name), None)
        if found is None:
            raise NotFoundError(f"no city {name!r} has opened figures")
        return found
