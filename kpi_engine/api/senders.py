"""Who sends readings over HTTP: a device or gateway with its credential, or a program with a token.

No cookie is looked at: a page of somebody else cannot make a browser send anything.

* ``Authorization: Basic`` with the user name and the secret of a device, or
* ``Authorization: Bearer`` with both, a dot between them, or with a token of a role that may send.

A device that can do no more than ask for an address has what would be behind Bearer in its query, as ``access_token``
(RFC 6750, 2.3): where it asks by GET, and nowhere else.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security.http import HTTPBase

from ingest.decoder import quoted
from ingest.model.bindings import BoundTopics
from ingest.model.topic_template import DEVICE
from ingest.topics import Address
from kpi_engine.api import administration, tokens
from kpi_engine.api.access import ALLOWED, Resource
from kpi_engine.api.errors import ForbiddenError, UnauthenticatedError
from kpi_engine.api.query_messages import ACCESS_TOKEN, query
from kpi_engine.api.rates import RequestRates
from kpi_engine.api.tokens import Token

EXPECTED: Final = (
    "send the user name and the secret of a device or gateway as Authorization: Basic, or as Authorization: Bearer "
    "with a dot between them, or a token of an integrator as Authorization: Bearer"
)


@dataclass(frozen=True)
class MessageSender:
    """Who sends: ``address`` of a credential, or the ``token`` of a program."""

    name: str
    address: Address | None = None
    token: Token | None = None

    def covers(self, city: str) -> bool:
        """Whether anything of a city may be sent."""
        return self.token.covers(city) if self.token else self.address is not None and self.address.city == city

    def require_city(self, city: str) -> None:
        """Raise ForbiddenError where nothing of ``city`` may be sent."""
        if not self.covers(city):
            raise ForbiddenError(f"{self.name} is not good for the city {quoted(city)}; nothing was taken")

    def require_device(self, address: Address) -> None:
        """Raise ForbiddenError unless messages of a device, by its native id, may be sent."""
        self.require_city(address.city)
        if self.token is None and self.address != address:
            raise ForbiddenError(f"{self.name} may not speak for {quoted(address.device)}; nothing was taken")

    def require_binding(self, bound: BoundTopics, given: Mapping[str, str]) -> None:
        """Raise ForbiddenError unless messages may be sent on a topic or path, of which ``given`` are the placeholders.

        A gateway may on those of its bindings, a device on those that name it.
        """
        self.require_city(bound.city)
        if self.token or self.address is None:
            return
        called = given.get(DEVICE, "")
        own = {bound.gateway} if bound.gateway else {one.address for one in bound.devices.get(called, ())}
        if self.address.device not in own:
            raise ForbiddenError(
                f"{self.name} is neither the gateway of the binding {bound.name} of {bound.city} nor the device that "
                "the address names; nothing was taken"
            )


_SCHEMES: Final = [
    HTTPBase(
        scheme="basic", scheme_name="DeviceAsBasic", description="A device's user name and secret.", auto_error=False
    ),
    HTTPBase(scheme="bearer", scheme_name="DeviceAsBearer", description="USER.SECRET of a device.", auto_error=False),
    HTTPBase(scheme="bearer", scheme_name="HTTPBearer", description="A token.", auto_error=False),
]


def identify_sender(
    request: Request,
    _basic: Annotated[object, Security(_SCHEMES[0])],
    _bearer: Annotated[object, Security(_SCHEMES[1])],
    _token: Annotated[object, Security(_SCHEMES[2])],
) -> MessageSender:
    """Return who sends; raises TooManyRequestsError, UnauthenticatedError, ForbiddenError for a role that may not."""
    given = request.headers.get("Authorization", "")
    if not given and request.method == "GET" and (secret := query(request).get(ACCESS_TOKEN)):
        given = f"Bearer {secret}"
    rates: RequestRates = request.app.state.message_rates
    rates.take(sha256(given.encode()).digest())
    scheme, _, secret = given.partition(" ")
    user, password = _parts(scheme.lower(), secret.strip())
    found = _of_device(request, user, password) if user else _of_token(request, password)
    if found is None:
        problem = "the credential or token is unknown, revoked or expired" if given else "nobody says who sends"
        raise UnauthenticatedError(f"{problem}; {EXPECTED}")
    return found


AnySender = Annotated[MessageSender, Depends(identify_sender)]


def _parts(scheme: str, secret: str) -> tuple[str, str]:
    """Return user name and secret of a device; without a name it is a token, which has no dot."""
    if scheme == "basic":
        try:
            user, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except ValueError:
            return "", ""
        return user, password
    user, _, password = secret.rpartition(".") if scheme == "bearer" else ("", "", "")
    return user, password


def _of_device(request: Request, user: str, secret: str) -> MessageSender | None:
    credentials = administration.of(request).credentials
    address = credentials.verify(user, secret) if credentials else None
    return MessageSender(user, address) if address else None


def _of_token(request: Request, secret: str) -> MessageSender | None:
    """Return the holder of a token; the connection is handed back before a body is read."""
    if not secret:
        return None
    with request.app.state.pool.connection() as connection:
        token = tokens.verify(connection, secret)
    if token is None:
        return None
    if Resource.INTAKE not in ALLOWED[token.role]:
        raise ForbiddenError(f"the role {token.role} does not send readings")
    return MessageSender(f"token {token.name}", token=token)
