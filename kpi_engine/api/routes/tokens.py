"""Access tokens: made, listed and ended by administrators, of the cities that they administer."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ingest.decoder import quoted
from ingest.model.time import from_micros
from kpi_engine.api import tokens
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Paging
from kpi_engine.api.errors import ConflictError, ForbiddenError, NotFoundError
from kpi_engine.api.problems import CONFLICT
from kpi_engine.api.representation import Answer, Page
from kpi_engine.api.tokens import Token, TokenRole
from kpi_engine.errors import TokenError

router = APIRouter(prefix="/tokens", tags=["administration"])

Administered = Annotated[Access, Depends(seeing(Resource.TOKENS))]

LONGEST_DAYS: Final = 36_500


class AccessToken(Answer):
    """A token without its secret."""

    name: str
    role: str
    cities: list[str] | None = Field(description="Null: every city.")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class NewToken(BaseModel):
    """What a token is to be good for."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="Who holds it.", min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
    role: TokenRole
    cities: list[str] | None = Field(
        default=None, min_length=1, description="Cities it is good for; every city where left out."
    )
    days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS, description="Until it expires; never if left out.")


class IssuedToken(Answer):
    """A token that was made now."""

    name: str
    role: str
    cities: list[str] | None
    expires_at: datetime | None
    secret: str = Field(description="Shown this once; nothing keeps it. Send it as Authorization: Bearer.")


@router.get("", summary="Access tokens")
def list_tokens(access: Administered, asked: AskedPart) -> Page[AccessToken]:
    """List every token ever issued for the caller's cities, the newest first, without secrets."""
    found = [one for one in tokens.issued(access.connection) if _administers(access.caller.token, one.cities)]
    page = Paging(("tokens",)).page(found, lambda one: (-one.token_id,), asked)
    return Page(items=[AccessToken.model_validate(asdict(one)) for one in page.items], next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=CONFLICT, summary="Make a token")
def make_token(new: NewToken, access: Administered) -> IssuedToken:
    """Make a token, for cities that the caller administers; its secret is shown this once."""
    if not _administers(access.caller.token, new.cities):
        own = ", ".join(access.caller.token.cities or [])
        raise ForbiddenError(
            f"cities: expected one or several of {own}, which this token is good for; nothing was made"
        )
    for city in new.cities or ():
        access.cities(city)
    expires_at = from_micros(access.now) + timedelta(days=new.days) if new.days else None
    try:
        secret = tokens.create(access.connection, new.name, new.role, new.cities, expires_at)
    except TokenError as error:
        raise ConflictError(f"{error}; nothing was made") from error
    return IssuedToken(name=new.name, role=new.role, cities=new.cities, expires_at=expires_at, secret=secret)


@router.delete("/{name}", status_code=204, summary="End a token")
def revoke_token(name: str, access: Administered) -> None:
    """End a token at once, with the logins that rest on it; it stays in the list."""
    known = {one.name: one for one in tokens.issued(access.connection)}
    if name not in known or not _administers(access.caller.token, known[name].cities):
        raise NotFoundError(f"there is no token called {quoted(name)} that this token may end")
    tokens.revoke(access.connection, name)


def _administers(own: Token, cities: list[str] | None) -> bool:
    """Whether ``own`` is good for all of ``cities``; a token of every city is for those of every city."""
    return own.cities is None or (cities is not None and set(cities) <= set(own.cities))
