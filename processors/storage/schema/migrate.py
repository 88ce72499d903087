"""Brings the schema forward: append-only migrations, each in its own transaction, each recorded with its checksum.

An applied migration never changes: a database whose record differs from the file is refused, since nobody could tell
what it holds. Several processes may migrate at once; an advisory lock lets one do the work. The views of dashboards
hold no data and are made anew whenever they differ (see ``views``). What is too much for one transaction
is moved in portions between two migrations: whoever is interrupted runs it again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import psycopg

from processors.errors import MigrationError, SchemaError
from processors.storage.database import ADMINISTERING, Connection, connect
from processors.storage.schema import columnstore, narrow_figures, views
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MIGRATE_FIRST = "the database has no schema of Pharos, or that of an older version; run: pharos db migrate"
_LOCK = 0x50686172  # any constant: "Phar"
_PREPARED: Final[Mapping[str, Callable[[Connection], None]]] = {  # what is too much for a transaction, done before one
    "0047_narrow_figures_in_words": narrow_figures.move,
}


@dataclass(frozen=True)
class Migration:
    """One file of the migrations folder; ``applied_at`` is None while it is pending."""

    name: str
    text: str
    applied_at: datetime | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, as recorded when it is applied."""
        return sha256(self.text.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Return every migration of this version in the order in which they apply."""
    return list(_shipped())


@cache
def _shipped() -> tuple[Migration, ...]:
    """Read the files, which do not change while this process runs, once: it asks every few seconds what is pending."""
    folder = files("processors.storage").joinpath("sql", "migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(Migration(name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8")) for name in names)


def migrate(url: str, known: list[Migration] | None = None) -> list[str]:
    """Apply what is pending and return its names; ``known`` defaults to the migrations of this version, and its views.

    Raises MigrationError when the database holds a changed or an unknown migration.
    """
    with _locked(url) as connection:
        pending = [step for step in _compare(connection, known or migrations()) if step.applied_at is None]
        for migration in pending:
            if prepare := _PREPARED.get(migration.name):
                prepare(connection)
            with connection.transaction():
                views.drop(connection)  # a view holds on to the columns it reads
                connection.execute(migration.text.encode())
                connection.execute(
                    SQL["migration_record"],
                    {"name": migration.name, "checksum": migration.checksum},
                )
        if known is None:
            views.renew(connection)
            columnstore.apply_once(connection)
        return [migration.name for migration in pending]


def status(url: str) -> list[Migration]:
    """Return the migrations of this version, each with the time it was applied to the database, if it was."""
    with _locked(url) as connection:
        return _compare(connection, migrations())


def require_current(connection: Connection) -> None:
    """Raise SchemaError where a migration of this version is pending; one of a newer version does no harm."""
    try:
        applied = {name for name, *_ in connection.execute(SQL["migration_list"])}
    except psycopg.errors.UndefinedTable:
        applied = set()
    finally:
        connection.rollback()
    if pending := [migration.name for migration in migrations() if migration.name not in applied]:
        raise SchemaError(f"{MIGRATE_FIRST} ({', '.join(pending)} pending)")


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    with connect(url, "pharos migrate", ADMINISTERING) as connection:
        connection.autocommit = True
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        connection.execute(SQL["migration_table"])
        yield connection  # closing the session releases the lock


def _compare(connection: Connection, known: list[Migration]) -> list[Migration]:
    rows = connection.execute(SQL["migration_list"]).fetchall()
    applied = {name: (checksum, at) for name, checksum, at in rows}
    if unknown := applied.keys() - {migration.name for migration in known}:
        raise MigrationError(
            f"the database holds migrations this version does not know: {', '.join(sorted(unknown))}; "
            "it was written by a newer version. Nothing was changed."
        )
    for migration in known:
        if migration.name in applied and applied[migration.name][0] != migration.checksum:
            raise MigrationError(
                f"migration {migration.name} was changed after it had been applied to this database; "
                "applied migrations are never edited, add a new one. Nothing was changed."
            )
    return [Migration(m.name, m.text, applied.get(m.name, (None, None))[1]) for m in known]
