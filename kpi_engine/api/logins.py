"""Logins to the console: a random cookie that stands for a token, and the proof that a request is the page's own.

The cookie is HttpOnly and SameSite=Strict; unsafe methods must also bring the CSRF token, which only a page of the
same origin can read. It is derived from the cookie's secret, so nothing more is stored.
"""

import hmac
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final

from psycopg.rows import class_row

from kpi_engine.api.tokens import Token, digest
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

COOKIE: Final = "pharos_session"
LIFETIME: Final = timedelta(hours=12)


def start(connection: Connection, token: Token) -> tuple[str, datetime]:
    """Start a login with ``token`` and return its secret and its end; the caller commits."""
    secret = token_urlsafe(32)
    row = {"digest": digest(secret), "token_id": token.token_id, "lifetime": LIFETIME}
    connection.execute(SQL["api_login_expire"])
    expires_at = connection.execute(SQL["api_login_open"], row).fetchall()[0][0]
    return secret, expires_at


def verify(connection: Connection, secret: str) -> Token | None:
    """Return the token behind a running login, expiring with it, or None."""
    with connection.cursor(row_factory=class_row(Token)) as cursor:
        return cursor.execute(SQL["api_login_verify"], {"digest": digest(secret)}).fetchone()


def renew(connection: Connection, secret: str) -> datetime | None:
    """Let a running login last as long as one that starts now; return its end. The caller commits."""
    row = {"digest": digest(secret), "lifetime": LIFETIME}
    found = connection.execute(SQL["api_login_renew"], row).fetchone()
    return None if found is None else found[0]


def end(connection: Connection, secret: str) -> None:
    """End a login, if it still runs; the caller commits."""
    connection.execute(SQL["api_login_close"], {"digest": digest(secret)})


def csrf_token(secret: str) -> str:
    """Return what unsafe requests of this login must bring in X-CSRF-Token."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


def is_csrf_token(secret: str, given: str | None) -> bool:
    """Whether ``given`` is the login's CSRF token, compared in constant time."""
    return given is not None and hmac.compare_digest(csrf_token(secret).encode(), given.encode())
