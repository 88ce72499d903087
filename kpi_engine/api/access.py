"""Who is asking and what they may see and do: bearer token or session, role, cities. One table says what a role may."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from ingest.model.sentences import Sentence
from kpi_engine.api import logins, tokens
from kpi_engine.api.clock import Now
from kpi_engine.api.database import Database
from kpi_engine.api.errors import ForbiddenError, NotFoundError, UnauthenticatedError, WithheldError
from kpi_engine.api.tokens import Token, TokenRole
from kpi_engine.privacy.viewing import NO_READINGS, AskedFigure, Viewing
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
EVERY_SITE: Final = "*"
UNKNOWN_TOKEN: Final = Sentence(
    "the token or session is unknown, revoked or expired; send it as Authorization: Bearer TOKEN"
)
NO_TOKEN: Final = Sentence("a token is needed; send it as Authorization: Bearer TOKEN")
FORGED: Final = Sentence("a session's unsafe requests need its CSRF token in X-CSRF-Token")


class Resource(StrEnum):
    """What a role may be allowed to see or to do."""

    CITIES = "cities and sites"
    DEVICES = "devices and their live values"
    SESSIONS = "charging sessions"
    SERIES = "series, observations and aggregates"
    KPIS = "indicators, factors, statistics and recomputations"
    QUEUE = "the queue of figures"
    ALARMS = "alarms"
    ACKNOWLEDGEMENTS = "the acknowledgement of alarms"
    ALARM_HANDLING = "comments on alarms and their shelf"
    ALARM_EFFECTS = "the figures that alarms touch"
    NOTIFICATIONS = "who is told of alarms, and trials of it"
    LEDGER = "the ledger"
    QUARANTINE = "refused messages"
    PAYLOADS = "raw payloads of refused messages"
    REPLAYS = "the replay of refused messages"
    INBOX = "the inbox of devices that nobody declared"
    INTAKE = "the sending of readings"
    TRIALS = "trials of messages"
    CREDENTIALS = "credentials of devices"
    CITY_FILES = "city files"
    REGISTRATION = "the registration of city files"
    TOKENS = "access tokens"


_ALWAYS = {Resource.CITIES, Resource.SERIES, Resource.KPIS, Resource.LEDGER, Resource.QUARANTINE}
_CONNECTING = {Resource.INTAKE, Resource.TRIALS, Resource.CREDENTIALS, Resource.CITY_FILES}
_ALARMS = {
    *(Resource.ALARMS, Resource.ACKNOWLEDGEMENTS, Resource.ALARM_HANDLING, Resource.ALARM_EFFECTS),
    Resource.NOTIFICATIONS,
}

ALLOWED: Final[dict[str, frozenset[Resource]]] = {
    TokenRole.OPERATOR: frozenset(
        _ALWAYS
        | {Resource.DEVICES, Resource.SESSIONS, Resource.PAYLOADS, Resource.REPLAYS, Resource.INBOX, Resource.QUEUE}
        | _ALARMS
    ),
    TokenRole.EVALUATOR: frozenset(_ALWAYS),
    TokenRole.INTEGRATOR: frozenset(
        (_ALWAYS - {Resource.KPIS})
        | {Resource.DEVICES, Resource.SESSIONS, Resource.PAYLOADS, Resource.ALARMS, Resource.INBOX}
        | _CONNECTING
    ),
    TokenRole.ADMIN: frozenset(Resource),
}

_bearer = HTTPBearer(auto_error=False, description="A secret from `pharos token create`.")
_cookie = APIKeyCookie(name=logins.COOKIE, auto_error=False, description="A session from POST /api/v1/session.")


@dataclass(frozen=True)
class Caller:
    """The token behind a request; ``login_secret`` is the cookie's where the console is asking."""

    token: Token
    login_secret: str | None = None

    @property
    def is_limited(self) -> bool:
        """Whether the caller sees nothing of single households."""
        return self.token.role == TokenRole.EVALUATOR

    def may(self, resource: Resource) -> bool:
        """Whether the caller's role sees ``resource``."""
        return resource in ALLOWED[self.token.role]


def identify(
    request: Request,
    connection: Database,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
    cookie: Annotated[str | None, Security(_cookie)] = None,
    csrf_token: Annotated[str | None, Header(alias="X-CSRF-Token", include_in_schema=False)] = None,
) -> Caller:
    """Return who is asking; raises UnauthenticatedError, or ForbiddenError for a forged unsafe request."""
    if bearer is not None:
        token, secret = tokens.verify(connection, bearer.credentials), None
    else:
        token, secret = logins.verify(connection, cookie) if cookie else None, cookie
    if token is None:
        given = UNKNOWN_TOKEN if bearer or cookie else NO_TOKEN
        raise UnauthenticatedError(given.of())
    if secret and request.method not in SAFE_METHODS and not logins.is_csrf_token(secret, csrf_token):
        raise ForbiddenError(FORGED.of())
    return Caller(token, secret)


AnyCaller = Annotated[Caller, Depends(identify)]


@dataclass(frozen=True)
class Access:
    """What a permitted request reads with; ``now`` in microseconds."""

    caller: Caller
    connection: Connection
    now: int

    @cached_property
    def viewing(self) -> Viewing:
        """What of households the caller sees."""
        return Viewing(self.connection, self.now, is_limited=self.caller.is_limited)

    def require_site(self, city: str, site: str | None) -> None:
        """Raise WithheldError where the meters of a site tell of households, which the caller does not see."""
        if self.viewing.hides_site(city, site):
            raise WithheldError(f"{site} in {city}: {NO_READINGS}")

    def require_shown(self, asked: AskedFigure) -> None:
        """Raise WithheldError where the caller does not see a figure."""
        if why := self.viewing.withheld(asked):
            raise WithheldError(f"{asked.kpi} of {asked.name}: {why}")

    def cities(self, asked: str | None) -> list[str] | None:
        """Return the cities to answer for, None for every city.

        Raises ForbiddenError for a city outside the token's scope, NotFoundError for one that does not exist.
        """
        if asked is None:
            return self.caller.token.cities
        if not self.caller.token.covers(asked):
            raise ForbiddenError(Sentence("this token is not good for the city {city}").of(city=repr(asked)))
        if self.connection.execute(SQL["api_city_exists"], {"city": asked}).fetchone() is None:
            raise NotFoundError(Sentence("there is no city {city}").of(city=repr(asked)))
        return [asked]

    def zone(self, city: str | None) -> str | None:
        """Return the zone by whose clocks days of a request begin; None where it is not of one city."""
        known = [city] if city is not None else self.caller.token.cities
        if known is None or len(known) != 1:
            return None
        row = self.connection.execute(SQL["api_city_zone"], {"city": known[0]}).fetchone()
        return None if row is None else str(row[0])


def permitted(resource: Resource) -> Callable[..., Caller]:
    """Return a dependency as ``seeing``, of a resource with a body: no connection is held while that is read."""

    def check(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
        cookie: Annotated[str | None, Security(_cookie)] = None,
        csrf_token: Annotated[str | None, Header(alias="X-CSRF-Token", include_in_schema=False)] = None,
    ) -> Caller:
        with request.app.state.pool.connection() as connection:
            caller = identify(request, connection, bearer, cookie, csrf_token)
        _require(caller, resource)
        return caller

    return check


def _require(caller: Caller, resource: Resource) -> None:
    if not caller.may(resource):
        raise ForbiddenError(Sentence("the role {role} does not see {what}").of(role=caller.token.role, what=resource))


def seeing(resource: Resource) -> Callable[[Caller, Connection, int], Access]:
    """Return a dependency that lets through callers whose role sees ``resource``."""

    def check(caller: AnyCaller, connection: Database, now: Now) -> Access:
        _require(caller, resource)
        return Access(caller, connection, now)

    return check
