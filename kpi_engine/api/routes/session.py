"""Sessions of the console: log in with a token, stay logged in by cookie, log out."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ingest.model.sentences import Sentence
from kpi_engine.api import logins, tokens
from kpi_engine.api.access import AnyCaller, Caller, Resource
from kpi_engine.api.attempts import Attempts
from kpi_engine.api.database import Database
from kpi_engine.api.errors import UnauthenticatedError
from kpi_engine.api.representation import Answer

router = APIRouter(prefix="/session", tags=["session"])


class Login(BaseModel):
    """What to log in with."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(description="A secret from `pharos token create`.", min_length=1, max_length=200)


class Session(Answer):
    """Who is logged in, and what they may see."""

    name: str
    role: str
    cities: list[str] | None = Field(description="Null: every city.")
    sees: list[str] = Field(description="Resources the role may see.")
    expires_at: datetime | None
    csrf_token: str | None = Field(description="Send it as X-CSRF-Token with unsafe methods; null without a cookie.")


async def _patiently(request: Request) -> str:
    """Return the address that logs in, after the wait that its wrong logins have earned it."""
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    await asyncio.sleep(attempts.delay(address))
    return address


@router.post("", status_code=201, summary="Log in")
def log_in(
    login: Login,
    address: Annotated[str, Depends(_patiently)],
    request: Request,
    response: Response,
    connection: Database,
) -> Session:
    """Exchange a token for an HttpOnly cookie that lasts some hours."""
    token = tokens.verify(connection, login.token.strip())
    if token is None:
        attempts: Attempts = request.app.state.attempts
        attempts.failed(address)
        raise UnauthenticatedError(Sentence("this token is unknown, revoked or expired").of())
    secret, expires_at = logins.start(connection, token)
    _set_cookie(request, response, secret)
    return _session(Caller(token, secret), expires_at)


@router.get("", summary="Who is logged in")
def show_session(caller: AnyCaller) -> Session:
    """Return the caller's name, role and scope."""
    return _session(caller, caller.token.expires_at)


@router.put("", summary="Stay logged in")
def renew_session(caller: AnyCaller, request: Request, response: Response, connection: Database) -> Session:
    """Let the session last as long as one that starts now, but no longer than its token; for screens that nobody tends.

    A caller with a token and no session is told what its token says.
    """
    if caller.login_secret is None:
        return _session(caller, caller.token.expires_at)
    expires_at = logins.renew(connection, caller.login_secret)
    _set_cookie(request, response, caller.login_secret)
    return _session(caller, expires_at)


@router.delete("", status_code=204, summary="Log out")
def log_out(caller: AnyCaller, response: Response, connection: Database) -> None:
    """End the session and forget the cookie."""
    if caller.login_secret:
        logins.end(connection, caller.login_secret)
    response.delete_cookie(logins.COOKIE)


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        logins.COOKIE,
        secret,
        max_age=int(logins.LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _session(caller: Caller, expires_at: datetime | None) -> Session:
    return Session(
        name=caller.token.name,
        role=caller.token.role,
        cities=caller.token.cities,
        sees=sorted(resource.name.lower() for resource in Resource if caller.may(resource)),
        expires_at=expires_at,
        csrf_token=logins.csrf_token(caller.login_secret) if caller.login_secret else None,
    )
