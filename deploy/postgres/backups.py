"""Dumps of the database while everything runs, each with a record of what it holds.

A dump and its record are of one snapshot (``pg_dump --snapshot``), so the rows of each table in the record are exactly
those in the dump. What is not finished ends in ``.part`` and is no backup.
"""

import json
import os
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Final, Self

from psycopg import sql
from pydantic import TypeAdapter, ValidationError

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres.backup_times import APPLICATION, Protection, note
from deploy.postgres.client_programs import program, run
from processors.storage.database import ADMINISTERING, Connection, connect
from processors.storage.statements import statements

SQL: Final = statements(__name__)
DUMP, RECORD, UNFINISHED = ".dump", ".json", ".part"


@dataclass(frozen=True)
class Backup:
    """What a dump holds: rows by table, by schema and name; ``extensions`` are those it needs of a server."""

    dump: str
    began: datetime
    sha256: str
    server: str
    extensions: list[str]
    rows: dict[str, int]

    @classmethod
    def recorded(cls, dump: Path) -> Self:
        """Return the record beside a dump; raises BackupError where there is none."""
        try:
            return TypeAdapter(cls).validate_json(dump.with_suffix(RECORD).read_bytes())
        except OSError as error:
            raise BackupError(f"{error.filename}: {error.strerror}; a backup is a dump with its record") from None
        except ValidationError as error:
            raise BackupError(f"{dump.with_suffix(RECORD)} is no record of a backup: {error}") from None

    @classmethod
    def of(cls, dump: Path) -> Self:
        """Return the record beside a dump; raises BackupError where there is none, or it is of another file."""
        kept = cls.recorded(dump)
        if (found := _sha256(dump)) != kept.sha256:
            raise BackupError(f"{dump} is not what was written: its SHA-256 is {found}, expected {kept.sha256}")
        return kept


def dump(url: str, folder: Path, programs: ServerPrograms, now: datetime) -> Path:
    """Write a dump of the database and its record into ``folder``; return the dump's path.

    Raises BackupError where it cannot be made; nothing that looks like a backup is left then.
    """
    pg_dump = program(programs, "pg_dump")
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        written = folder / f"pharos-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{DUMP}"
        unfinished = written.with_name(written.name + UNFINISHED)
        with closing(connect(url, APPLICATION, ADMINISTERING)) as connection:
            connection.execute("set transaction isolation level repeatable read, read only")
            [(snapshot, server, extensions)] = connection.execute(SQL["backups_snapshot"]).fetchall()
            run([pg_dump, "--format=custom", f"--snapshot={snapshot}", f"--file={unfinished}"], url)
            rows = rows_of(connection)
        kept = Backup(written.name, now, _sha256(unfinished), server, extensions, rows)
        record = {**asdict(kept), "began": now.isoformat()}
        written.with_suffix(RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        unfinished.rename(written)
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}; there is no new backup") from None
    note(url, Protection.DUMP, now)
    return written


def copy(dump: Path, elsewhere: Path, url: str) -> Path:
    """Copy a backup to a folder of another disk or machine, compare it there, note it; return the copy's path.

    Raises BackupError where the folder is not there or on the same disk, or where the copy is not what was copied.
    """
    kept = Backup.of(dump)
    try:
        if elsewhere.stat().st_dev == dump.stat().st_dev:
            raise BackupError(f"{elsewhere} is on the same disk as {dump.parent}; expected one of another machine")
        written = elsewhere / dump.name
        unfinished = written.with_name(written.name + UNFINISHED)
        shutil.copyfile(dump, unfinished)
        _write_through(unfinished)
        shutil.copyfile(dump.with_suffix(RECORD), written.with_suffix(RECORD))
        unfinished.rename(written)
    except OSError as error:
        raise BackupError(
            f"{error.filename or elsewhere}: {error.strerror}; {dump.name} is in one place only"
        ) from None
    Backup.of(written)
    note(url, Protection.COPY, kept.began)
    return written


def listed(folder: Path) -> list[Backup]:
    """Return the backups in a folder by their records, the oldest first, whatever state the dumps are in."""
    return [Backup.recorded(path) for path in sorted(folder.glob(f"pharos-*{DUMP}"))]


def due(folder: Path, times: timedelta, now: datetime) -> bool:
    """Tell whether the newest backup in ``folder`` is older than ``times``, or there is none."""
    newest = max((path.stat().st_mtime for path in folder.glob(f"pharos-*{DUMP}")), default=0.0)
    return now.timestamp() - newest >= times.total_seconds()


def expire(folder: Path, days: int, now: datetime) -> list[str]:
    """Remove backups, and what was left unfinished, older than ``days``; return their names. The newest stays."""
    dumps = sorted(folder.glob(f"pharos-*{DUMP}"))
    before = (now - timedelta(days=days)).timestamp()
    old = [path for path in dumps[:-1] if path.stat().st_mtime < before]
    unfinished = [path for path in folder.glob(f"pharos-*{UNFINISHED}") if path.stat().st_mtime < before]
    for path in (*old, *unfinished):
        path.with_suffix(RECORD).unlink(missing_ok=True)
        path.unlink()
    return [path.name for path in (*old, *unfinished)]


def rows_of(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has, by schema and name; a table in parts counts once."""
    counted: dict[str, int] = {}
    for schema, table in connection.execute(SQL["backups_tables"]).fetchall():
        counting = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        [(rows,)] = connection.execute(counting).fetchall()
        counted[f"{schema}.{table}"] = int(rows)
    return counted


def _write_through(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
