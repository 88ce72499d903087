"""The embedded PostgreSQL server: our own launcher around the programs of a wheel, or of a server of the machine.

It listens on 127.0.0.1 only, asks for a password, and runs as root too (under another identity). It is ready
when it answers a query, and survives a kill -9 of itself or of its starter: the next start recovers.
"""

import time
from pathlib import Path

import psycopg
from psycopg import errors, sql

from deploy.embedded import ports, process
from deploy.embedded.cluster import ROLE, SHUTDOWN, Cluster
from deploy.embedded.identity import Identity, unprivileged
from deploy.embedded.server_programs import OPTION, ServerPrograms, bundled
from deploy.errors import DatabaseServerError

START_SECONDS = 300.0  # recovery after a kill replays up to max_wal_size
POLL_SECONDS = 0.02
FRIGHTENING = "data is corrupted"
LACKING_EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname NOT IN (SELECT name FROM pg_available_extensions)"
ATTEMPTS = 3  # a port found free may be taken before the server has it


class Postgres(process.Child):
    """A PostgreSQL server on the folder ``home``; made at the first start, continued at later ones."""

    name = "PostgreSQL"

    def __init__(
        self,
        home: Path,
        *,
        log: Path | None = None,
        port: int | None = None,
        identity: Identity | None = None,
        programs: ServerPrograms | None = None,
    ) -> None:
        """Take ``port`` when it is free, else any; ``log`` defaults to ``postgres.log`` beside ``home``.

        The ``programs`` are the wheel's where none are given.
        """
        super().__init__()
        self._cluster = Cluster(home, identity or unprivileged(), programs or bundled())
        self.log = log or self._cluster.home.with_name("postgres.log")
        self._wanted = port
        self._deadline = 0.0
        self.port = 0

    def url(self, database: str = "postgres", role: str = ROLE, password: str | None = None) -> str:
        """Return the URL of ``database``, password included; the superuser's where no ``role`` is given."""
        return f"postgresql://{role}:{password or self._cluster.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and return when it answers; else raise DatabaseServerError with its last words."""
        for attempt in range(1, ATTEMPTS + 1):
            self.launch()
            try:
                while not self.is_up():
                    time.sleep(POLL_SECONDS)
            except DatabaseServerError:
                if attempt == ATTEMPTS or "Address already in use" not in process.last_lines(self.log):
                    raise
            else:
                return

    def launch(self) -> None:
        """Start the server and return at once: recovery after a kill may take minutes."""
        self._cluster.prepare()
        if self._process:
            self._process.wait(5.0)  # the former one of ours is gone: reap it
        self.port = ports.choose(self.port or self._wanted)
        self._cluster.configure(self.port)
        self._process = process.spawn(
            process.Program(
                [self._cluster.programs.path("postgres"), "-D", self._cluster.data],
                self.log,
                identity=self._cluster.identity,
                death_signal=SHUTDOWN[0][0],
            )
        )
        self._deadline = time.monotonic() + START_SECONDS

    def is_up(self) -> bool:
        """Tell whether the server that was launched answers; raise DatabaseServerError when it will not."""
        if self._process and self._process.poll() is None and time.monotonic() < self._deadline:
            return self._answers()
        if self._process:
            process.end(self._process, SHUTDOWN)
        raise DatabaseServerError(f"PostgreSQL did not start on {self._cluster.data}: {_last_words(self.log)}")

    def stop(self) -> None:
        """Stop the server: clients are disconnected, everything is written; return when it is gone."""
        if self._process:
            process.end(self._process, SHUTDOWN)

    def create_database(self, name: str) -> None:
        """Create the database ``name`` unless it exists; raise DatabaseServerError where it needs another server."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(self.url(name)) as connection:
            if lacking := [extension for (extension,) in connection.execute(LACKING_EXTENSIONS)]:
                raise DatabaseServerError(
                    f"the database in {self._cluster.data} uses {', '.join(lacking)}, which the PostgreSQL in "
                    f"{self._cluster.programs.folder} does not have: start it with one that does ({OPTION}). "
                    "Nothing was changed."
                )

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except errors.InvalidPassword:
            raise DatabaseServerError(
                f"PostgreSQL on {self._cluster.data} refuses the password in {self._cluster.home / 'password'}; "
                "was one of the two replaced?"
            ) from None
        except psycopg.OperationalError:
            return False
        return True


def _last_words(log: Path) -> str:
    """Return what the server said last, without its advice to use a backup, given whenever a recovery was cut short."""
    lines = process.last_lines(log, 20).splitlines()
    return "\n".join([line for line in lines if FRIGHTENING not in line][-5:])
