"""Each role of a deployment's database can do its work and nothing else; without the roles nothing is changed."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import conninfo, errors

from deploy.embedded.postgres import Postgres
from deploy.postgres import roles
from deploy.postgres.roles import ROLES, USERS
from processors.storage import at_work
from processors.storage.at_work import WorkingSession
from processors.storage.database import Connection, connect
from processors.storage.schema.migrate import migrate
from tests.role_matrix import expect_the_matrix

pytestmark = pytest.mark.integration

PASSWORDS = {user: f"the {user}'s p@ss:word" for user in USERS}
MARK = "insert into observation_mark select 1, now()"
SOURCE = "insert into source (city, name) values ('harbour', 'mqtt')"
READ = "select count(*) from observation"


def as_user(url: str, user: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{ROLES[user]}@{place}"))


def attempt(url: str, user: str, statement: str) -> None:
    with psycopg.connect(as_user(url, user), password=PASSWORDS[user]) as connection:
        connection.execute(statement.encode())
        connection.rollback()


@pytest.fixture(scope="module")
def deployed_url(module_open_folder: Path) -> Iterator[str]:
    """Return a superuser's URL of a database with the roles, migrated by its owner; roles belong to a server."""
    server = Postgres(module_open_folder / "postgres")
    server.start()
    server.create_database("deployed")
    url = server.url("deployed")
    roles.create(url, PASSWORDS)
    owner = conninfo.make_conninfo(as_user(url, "owner"), password=PASSWORDS["owner"])
    migrate(owner)
    roles.grant(owner)
    yield url
    server.stop()


ALLOWED = [
    ("writer", SOURCE),
    ("writer", "select ensure_partitions('2021-05-01Z', '2021-05-01Z')"),
    ("writer", "create temporary table incoming (time timestamptz)"),
    ("writer", "select pack_observations('{}', now(), '15 min', 4, 10)"),
    ("writer", "select unpack_observations('{}', '{}')"),
    ("writer", "select shrink_observations(now(), now())"),
    ("writer", "delete from observation_mark"),
    ("writer", "delete from rollup_row where period = 'hour'"),
    ("writer", "update quarantine set occurrences = 2"),
    ("writer", "update quarantine set payload = null, detail = null"),
    ("kpi", READ),
    ("kpi", "select count(*) from rollup_day"),
    ("kpi", "delete from rollup_mark"),
    ("kpi", "delete from kpi_due"),
    ("kpi", "delete from alarm_watch"),
    ("api", "update alarm set acknowledged_at = now(), acknowledged_by = 'me'"),
    ("api", READ),
    ("api", "select count(*) from kpi_value"),
    ("api", "update token set last_used_at = now()"),
    ("api", "delete from session"),
]
FORBIDDEN = [
    ("api", "update token set role = 'admin', cities = null, revoked_at = null"),
    ("api", "update token set expires_at = null"),
    ("api", "delete from token"),
    ("api", "set role pharos_owner"),
    ("api", "alter role pharos_api superuser"),
    ("writer", "delete from ledger"),
    ("writer", "truncate quarantine"),
    ("writer", "update quarantine set reason = 'empty'"),
    ("writer", "update quarantine set digest = ''"),
    ("writer", "delete from observation"),
    ("writer", "delete from observation_block"),
    ("kpi", "select pack_observations('{}', now(), '15 min', 4, 10)"),
    ("api", "select unpack_observations('{}', '{}')"),
    ("grafana", "select count(*) from public.observation_block"),
    ("writer", "insert into retention (horizon, kept) values (now(), 0)"),
    ("kpi", "update factor set value = 0"),
    ("kpi", "select payload from quarantine"),
    ("kpi", "select device from quarantine"),
    ("kpi", "update ledger set stored = 0"),
    ("writer", "select digest from token"),
    ("writer", "delete from figure"),
    ("writer", "drop table observation"),
    ("writer", "create table mine (id integer)"),
    ("writer", "delete from schema_migration"),
    ("kpi", "delete from observation"),
    ("kpi", "select digest from token"),
    ("api", "delete from observation"),
    ("api", "update alarm set cleared_at = now()"),
    ("writer", "delete from alarm"),
    ("api", "update token set role = 'admin'"),
    ("api", "insert into city (name) values ('mine')"),
    ("api", "insert into kpi_due select"),
    ("grafana", READ),
    ("grafana", "select count(*) from public.token"),
    ("grafana", "create table mine (id integer)"),
]


def test_each_role_has_exactly_these_rights_on_each_table(deployed_url: str) -> None:
    expect_the_matrix(deployed_url)


def test_a_database_that_a_superuser_made_has_the_same_owner_and_rights(deployed_url: str) -> None:
    name = "made_by_a_superuser"  # on a server of these tests: roles belong to a server
    with psycopg.connect(deployed_url, autocommit=True) as administrator:
        administrator.execute(f"create database {name}".encode())
        url = urlunsplit(urlsplit(deployed_url)._replace(path=f"/{name}"))
        migrate(url)
        with psycopg.connect(url) as former:
            former.execute("select ensure_partitions('2026-05-01Z', '2026-05-01Z')")
        roles.create(url, PASSWORDS)
        owner = conninfo.make_conninfo(as_user(url, "owner"), password=PASSWORDS["owner"])
        migrate(owner)
        roles.grant(owner)
        try:
            expect_the_matrix(url)
        finally:
            administrator.execute(f"drop database {name} with (force)".encode())


@pytest.mark.parametrize(("user", "statement"), ALLOWED)
def test_a_role_may_do_its_work(deployed_url: str, user: str, statement: str) -> None:
    attempt(deployed_url, user, statement)


@pytest.mark.parametrize(("user", "statement"), FORBIDDEN)
def test_a_role_may_do_nothing_else(deployed_url: str, user: str, statement: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable, errors.ReadOnlySqlTransaction)):
        attempt(deployed_url, user, statement)


@pytest.mark.parametrize("user", ["writer", "kpi", "api"])
def test_a_role_ends_a_frozen_session_of_its_own_account_and_leaves_that_of_another_alone(
    deployed_url: str, user: str
) -> None:
    with ExitStack() as opened:

        def session(account: str) -> tuple[Connection, WorkingSession]:
            url = conninfo.make_conninfo(as_user(deployed_url, account), password=PASSWORDS[account])
            connection = opened.enter_context(closing(connect(url, "test")))
            return connection, WorkingSession.of(connection, f"test of {user}")

        other = session("kpi" if user == "writer" else "writer")
        frozen, heir = session(user), session(user)
        for one in (other, frozen):
            at_work.seen(*one)
        assert at_work.seen(*heir, patience=0.0)[1] == 1
        with pytest.raises(psycopg.OperationalError):
            frozen[0].execute("select 1")
        assert other[0].execute("select 1").fetchone() == (1,)
        at_work.left(*heir)


def test_a_second_time_changes_passwords_and_keeps_rights(deployed_url: str) -> None:
    roles.create(deployed_url, PASSWORDS | {"kpi": "another"})
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        attempt(deployed_url, "kpi", READ)
    attempt(deployed_url, "writer", SOURCE)
    roles.create(deployed_url, PASSWORDS)
    attempt(deployed_url, "kpi", READ)


def test_the_views_of_dashboards_are_all_that_they_can_read(deployed_url: str) -> None:
    with psycopg.connect(as_user(deployed_url, "owner"), password=PASSWORDS["owner"]) as owner:
        owner.execute("create schema if not exists grafana")
        owner.execute("create view grafana.amount as select count(*) as readings from public.observation")
        owner.execute(roles.SQL["rights"].encode())
    attempt(deployed_url, "grafana", "select readings from amount")


def test_a_database_without_the_roles_is_left_alone(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = roles.SQL["rights"].replace("pharos_", "nobody_")
    monkeypatch.setitem(roles.SQL, "rights", text)
    roles.grant(database_url)
