"""Access tokens: issued once, stored as digests, scoped to a role and to cities (RFC 6750 bearer tokens).

A secret has 256 random bits, so a plain SHA-256 digest is enough to keep it: there is nothing to guess.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from psycopg.rows import class_row

from kpi_engine.errors import TokenError
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

PREFIX = "pharos_"  # lets secret scanners and people recognise one


class TokenRole(StrEnum):
    """What the holder of a token may see; ``admin`` may see everything."""

    OPERATOR = "operator"
    EVALUATOR = "evaluator"
    INTEGRATOR = "integrator"
    ADMIN = "admin"


@dataclass(frozen=True)
class Token:
    """One issued token without its secret. ``cities`` None means: every city."""

    token_id: int
    name: str
    role: str
    cities: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def covers(self, city: str) -> bool:
        """Whether the token is good for ``city``."""
        return self.cities is None or city in self.cities


def create(
    connection: Connection,
    name: str,
    role: str,
    cities: list[str] | None,
    expires_at: datetime | None = None,
) -> str:
    """Issue a token and return its secret, which is nowhere stored; the caller commits.

    Raises TokenError for an unknown role, an empty list of cities, or a name that is taken.
    """
    if role not in list(TokenRole):
        raise TokenError(f"{role!r} is no role; expected one of {', '.join(TokenRole)}")
    if cities is not None and not cities:
        raise TokenError("a token for no city can do nothing; name its cities, or none for every city")
    secret = PREFIX + token_urlsafe(32)
    values = {
        "name": name,
        "digest": digest(secret),
        "role": role,
        "cities": cities,
        "expires_at": expires_at,
    }
    if connection.execute(SQL["api_token_create"], values).fetchone() is None:
        raise TokenError(f"a token called {name!r} exists (perhaps revoked); choose another name")
    return secret


def verify(connection: Connection, secret: str) -> Token | None:
    """Return the token of ``secret``, or None when it is unknown, revoked or expired."""
    with connection.cursor(row_factory=class_row(Token)) as cursor:
        token = cursor.execute(SQL["api_token_verify"], {"digest": digest(secret)}).fetchone()
    if token is not None:
        connection.execute(SQL["api_token_used"], {"token_id": token.token_id})
    return token


def issued(connection: Connection) -> list[Token]:
    """Return every token ever issued, the newest first."""
    with connection.cursor(row_factory=class_row(Token)) as cursor:
        return cursor.execute(SQL["api_token_list"]).fetchall()


def revoke(connection: Connection, name: str) -> None:
    """End the token called ``name`` now; the caller commits. Raises TokenError when there is none."""
    if connection.execute(SQL["api_token_revoke"], {"name": name}).fetchone() is None:
        raise TokenError(f"there is no token called {name!r}")


def digest(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return sha256(secret.encode()).digest()
