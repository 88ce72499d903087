"""Tokens: shown once, kept as digests, ended by revocation and expiry."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kpi_engine.api import tokens
from kpi_engine.errors import TokenError
from processors.storage.database import Connection, connect

pytestmark = pytest.mark.integration


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url, "test") as session:
        yield session


def test_a_token_is_recognised_by_its_secret_and_carries_role_and_cities(connection: Connection) -> None:
    secret = tokens.create(connection, "control-room", "operator", ["harbour"])
    token = tokens.verify(connection, secret)
    assert token is not None
    assert (token.name, token.role) == ("control-room", "operator")
    assert token.covers("harbour")
    assert not token.covers("island")


def test_the_secret_itself_is_nowhere_in_the_database(connection: Connection) -> None:
    secret = tokens.create(connection, "control-room", "operator", None)
    assert secret.startswith("pharos_")
    stored = connection.execute("select row_to_json(token)::text from token").fetchone()
    assert stored is not None
    assert secret.removeprefix("pharos_") not in stored[0]


def test_a_revoked_token_is_unknown_and_stays_listed(connection: Connection) -> None:
    secret = tokens.create(connection, "old", "admin", None)
    tokens.revoke(connection, "old")
    assert tokens.verify(connection, secret) is None
    assert [(token.name, token.revoked_at is not None) for token in tokens.issued(connection)] == [("old", True)]


def test_an_expired_token_is_unknown(connection: Connection) -> None:
    secret = tokens.create(connection, "brief", "admin", None, datetime.now(UTC) - timedelta(seconds=1))
    assert tokens.verify(connection, secret) is None


def test_a_name_is_given_once(connection: Connection) -> None:
    tokens.create(connection, "control-room", "operator", None)
    with pytest.raises(TokenError, match="control-room"):
        tokens.create(connection, "control-room", "admin", None)


@pytest.mark.parametrize(("role", "cities"), [("king", None), ("operator", [])])
def test_a_token_that_could_do_nothing_is_refused(connection: Connection, role: str, cities: list[str] | None) -> None:
    with pytest.raises(TokenError):
        tokens.create(connection, "useless", role, cities)


def test_revoking_what_does_not_exist_is_refused(connection: Connection) -> None:
    with pytest.raises(TokenError, match="nobody"):
        tokens.revoke(connection, "nobody")
