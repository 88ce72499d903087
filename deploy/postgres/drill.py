"""A restore that is only tried: a backup put into a server or a database of its own, looked at, and thrown away."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.embedded.identity import unprivileged
from deploy.embedded.postgres import Postgres
from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres.backups import Backup, rows_of
from deploy.postgres.client_programs import program, run
from processors.storage.database import ADMINISTERING, connect
from processors.storage.readings.ledger import accounts
from processors.storage.schema import migrate as migration

TIMESCALEDB: Final = "timescaledb"


@dataclass(frozen=True)
class Finding:
    """What a restored backup holds, and in what it differs from its record: a sentence each; none, and it is good."""

    tables: int
    rows: int
    pending: list[str]
    differences: list[str]


def drill(dump: Path, programs: ServerPrograms, announce: Callable[[str], None], server: str | None = None) -> Finding:
    """Restore a backup, compare each table with the record, and add up the ledger.

    Into a server in a temporary folder, or into a new database of the ``server`` at a URL of a role that may make one.
    Raises BackupError where the dump is damaged or cannot be restored. Nothing of it is left.
    """
    kept = Backup.of(dump)
    with _database(programs, server) as url:
        _require_extensions(url, kept)
        announce(f"restoring {kept.dump}, {dump.stat().st_size / 2**20:,.1f} MiB, of {kept.began:%Y-%m-%d %H:%M} UTC")
        with _timescaledb(url, is_used=TIMESCALEDB in kept.extensions):
            name = str(conninfo_to_dict(url)["dbname"])
            restoring = [program(programs, "pg_restore"), "--exit-on-error", "--no-owner", "--no-acl"]
            run([*restoring, f"--dbname={name}", str(dump)], url)
        announce("counting its rows")
        with closing(connect(url, "pharos db drill", ADMINISTERING)) as connection:
            rows = rows_of(connection)
            unbalanced = [one for one in accounts(connection) if not one.is_balanced]
        pending = [step.name for step in migration.status(url) if step.applied_at is None]
    differences = [
        f"{table}: {rows.get(table, 0):,} rows, expected {kept.rows.get(table, 0):,}"
        for table in sorted(rows.keys() | kept.rows.keys())
        if rows.get(table, 0) != kept.rows.get(table, 0)
    ]
    differences += [
        f"the ledger of {one.city or 'unknown devices'}, {one.source}, does not add up" for one in unbalanced
    ]
    return Finding(len(rows), sum(rows.values()), pending, differences)


@contextmanager
def _database(programs: ServerPrograms, server: str | None) -> Iterator[str]:
    """Yield the URL of an empty database, which is gone afterwards."""
    if server is None:
        with _server(programs) as launched, _database(programs, launched.url()) as url:
            yield url
        return
    name = f"pharos_drill_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    try:
        yield make_conninfo(server, dbname=name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def _server(programs: ServerPrograms) -> Iterator[Postgres]:
    root = Path(tempfile.mkdtemp(prefix="pharos-drill-"))
    root.chmod(0o711)  # a server that root runs under another account has a folder in it
    server = Postgres(root / "postgres", identity=unprivileged(), programs=programs)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


def _require_extensions(url: str, kept: Backup) -> None:
    with psycopg.connect(url) as connection:
        has = {str(name) for (name,) in connection.execute("select name from pg_available_extensions")}
    if lacking := sorted(set(kept.extensions) - has):
        raise BackupError(
            f"the server of the drill has no {', '.join(lacking)}, which {kept.dump} needs: "
            "name programs that have it by --postgres-bin, or a server by --server"
        )


@contextmanager
def _timescaledb(url: str, *, is_used: bool) -> Iterator[None]:
    """Let TimescaleDB know of a restore, as its documentation asks."""
    if not is_used:
        yield
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create extension if not exists timescaledb")
        connection.execute("select timescaledb_pre_restore()")
    yield
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select timescaledb_post_restore()")
