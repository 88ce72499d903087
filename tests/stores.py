"""The stores that tests run on, and databases of a test's own in them.

``POSTGRESQL`` is PostgreSQL without extensions; ``TIMESCALEDB`` is the server at PHAROS_TEST_TIMESCALE_URL, else
TimescaleDB compiled to WASM, which has one backend and therefore tells nothing about concurrency.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import ports
from deploy.embedded.postgres import Postgres
from processors.storage.schema.migrate import migrate
from tests import npm

POSTGRESQL, TIMESCALEDB = "postgresql", "timescaledb"
NATIVE_URL = os.environ.get("PHAROS_TEST_TIMESCALE_URL")
WASM = Path(__file__).parent / "integration" / "timescale" / "wasm"
PATIENCE_SECONDS = 120.0
FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")  # a server of tests has no power cut to survive


def one_backend(name: str) -> bool:
    """Whether a store serves its sessions by turns only."""
    return name == TIMESCALEDB and not NATIVE_URL


def examples(name: str, on_a_server: int) -> int:
    """Return how many examples a test takes: fewer where one of them takes ten times as long as on a server.

    What a store does differs by the kind of its tables, not by the example: a few meet every statement.
    """
    return max(2, on_a_server // 8) if one_backend(name) else on_a_server


class Store:
    """A server, by the URL of a database in which others can be made; ``copying`` says how it copies them fastest."""

    def __init__(self, url: str, copying: str = "") -> None:
        self.url = url
        self._copying = copying
        self._template: str | None = None
        self._closed: set[str] = set()
        self._session: psycopg.Connection | None = None

    def database(self, *, is_migrated: bool) -> AbstractContextManager[str]:
        """Yield the URL of a new database, of the current schema or without any; it is dropped on leaving."""
        return self._made([self._migrated()] if is_migrated else [])

    def copied(self, url: str) -> AbstractContextManager[str]:
        """Yield the URL of a copy of another of these databases, to which nobody connects any more; dropped, too."""
        name = urlsplit(url).path.removeprefix("/")
        if name not in self._closed:
            self._close_to_all(name)
        return self._made([name])

    @contextmanager
    def _made(self, template: list[str]) -> Iterator[str]:
        name = f"pharos_test_{uuid4().hex}"
        self._administer("CREATE DATABASE {}" + " TEMPLATE {}" * len(template) + self._copying, name, *template)
        yield self._database(name)
        self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def close(self) -> None:
        """Drop what tests copied."""
        if self._template:
            self._administer("DROP DATABASE {} WITH (FORCE)", self._template)
        if self._session:
            self._session.close()

    def _migrated(self) -> str:
        if self._template is None:
            self._template = f"pharos_template_{uuid4().hex}"
            self._administer("CREATE DATABASE {}", self._template)
            migrate(self._database(self._template))
            self._close_to_all(self._template)
        return self._template

    def _close_to_all(self, name: str) -> None:
        """Let nobody connect: TimescaleDB's workers do wherever the extension is, and a template is to have nobody."""
        self._administer("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
        with psycopg.connect(self.url, autocommit=True) as connection:
            ending = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
            connection.execute(ending, (name,))
        self._closed.add(name)

    def _database(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _administer(self, statement: str, *names: str) -> None:
        """Run a statement in a session that lasts: to connect takes as long as to copy a database."""
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(self.url, autocommit=True)
        self._session.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def left_on(url: str) -> set[str]:
    """Return the names of what belongs to a server and not to one of its databases: databases and roles."""
    with psycopg.connect(url) as connection:
        return {
            str(name)
            for (name,) in connection.execute("select datname from pg_database union select rolname from pg_roles")
        }


@contextmanager
def plain(folder: Path) -> Iterator[Store]:
    """Yield the server of PHAROS_TEST_POSTGRES_URL, else one started in ``folder``."""
    given = os.environ.get("PHAROS_TEST_POSTGRES_URL")
    if given:
        yield Store(given)
        return
    server = Postgres(folder)
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for setting in FORGETFUL:
            connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
        connection.execute("alter system set scram_iterations = 1")  # nobody guesses, and every test connects
        connection.execute("select pg_reload_conf()")
    with psycopg.connect(server.url(), autocommit=True) as connection:  # which has the configuration as reloaded
        password = sql.Literal(urlsplit(server.url()).password)
        connection.execute(sql.SQL("alter role current_user password {}").format(password))
    before = left_on(server.url())
    yield Store(server.url(), " STRATEGY file_copy")
    left = left_on(server.url()) - before
    server.stop()
    assert not left, f"tests left {', '.join(sorted(left))} on the server that all tests of a worker share"


@contextmanager
def timescale(folder: Path) -> Iterator[Store]:
    """Yield a TimescaleDB; skips the test, saying why, where there is none and none can be had."""
    if NATIVE_URL:
        yield Store(NATIVE_URL)
        return
    installed, port, log = _wasm(), ports.choose(), folder / "timescale.log"
    with log.open("wb") as output:
        command = ["node", str(installed / "bridge.mjs"), str(port), str(installed)]
        bridge = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _await(bridge, port, log)
        yield Store(f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable")
    finally:
        bridge.terminate()
        bridge.wait()


@contextmanager
def running(folder: Path) -> Iterator["Stores"]:
    """Yield the stores, each of which is started when it is first asked for."""
    with ExitStack() as servers:
        yield Stores(folder, servers)


class Stores:
    """The stores by name; ends them through ``servers``."""

    def __init__(self, folder: Path, servers: ExitStack) -> None:
        self._folder = folder
        self._servers = servers
        self._started: dict[str, Store] = {}

    def __getitem__(self, name: str) -> Store:
        if name not in self._started:
            server = plain(self._folder / "postgres") if name == POSTGRESQL else timescale(self._folder)
            self._started[name] = self._servers.enter_context(server)
            self._servers.callback(self._started[name].close)
        return self._started[name]


def _wasm() -> Path:
    """Return the folder with TimescaleDB's WASM build beside our bridge; skips where it cannot be had."""
    folder, missing = npm.installed(WASM)
    if missing:
        pytest.skip(f"there is no TimescaleDB on WASM, since {missing}; or set PHAROS_TEST_TIMESCALE_URL")
    return folder


def _await(bridge: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert bridge.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < until, "TimescaleDB on WASM does not listen"
        time.sleep(0.1)
