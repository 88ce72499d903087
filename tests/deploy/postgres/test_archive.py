"""An archive brings any moment back: a base backup, and the log since, as PostgreSQL's own programs keep them."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import typer
from psycopg import sql
from typer.testing import CliRunner

from deploy.cli import db
from deploy.embedded.server_programs import bundled
from deploy.errors import BackupError
from deploy.postgres import archive as archives
from deploy.postgres import recovery
from deploy.postgres.archive import Archive
from deploy.postgres.backups import rows_of
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.storage.database import Connection, connect
from processors.storage.readings.sink import Sink

pytestmark = pytest.mark.integration

RECEIVED = (
    "select bool_and(flush_lsn >= pg_current_wal_insert_lsn()) from pg_stat_replication where application_name = %s"
)


@pytest.fixture
def archive(database_url: str, open_folder: Path) -> Iterator[Archive]:
    """Return an archive; the server forgets afterwards that there was one."""
    made = Archive(open_folder / "it's kept here")
    made.make()
    yield made
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("select pg_drop_replication_slot(%s)", (archives.SLOT,))


def _refuse(url: str, *payloads: bytes) -> None:
    """Let messages come that are kept in quarantine."""
    nowhere = Catalogue([], Ids({}, {}))
    with connect(url, "test") as connection:
        stream = Stream(Sink(connection, nowhere, "mqtt"), nowhere)
        stream.accept([RawMessage("x", payload, number) for number, payload in enumerate(payloads)])


def _contents(connection: Connection) -> dict[str, str]:
    """Return a digest of every row of every table of ours."""
    digest = sql.SQL("select coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from {} t")
    tables = [sql.Identifier(*name.split(".")) for name in rows_of(connection)]
    return {str(table): str(connection.execute(digest.format(table)).fetchall()[0][0]) for table in tables}


def _received(url: str) -> None:
    """Wait until the archive holds what the server has written."""
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(RECEIVED, ("pg_receivewal",)).fetchall() != [(True,)]:
            time.sleep(0.05)


def _now(url: str) -> datetime:
    with psycopg.connect(url) as connection:
        ((moment,),) = connection.execute("select clock_timestamp()").fetchall()
    assert isinstance(moment, datetime)
    return moment


def test_a_moment_before_an_accident_comes_back_with_every_row_as_it_was(
    archive: Archive, database_url: str, open_folder: Path
) -> None:
    with archive.receiving(database_url, bundled()):
        base = archive.take_base(database_url, bundled(), lambda: _now(database_url))
        _refuse(database_url, b"one", b"two")
        with connect(database_url, "test") as connection:
            before = _contents(connection)
        moment = _now(database_url)
        with psycopg.connect(database_url) as connection:
            connection.execute("delete from quarantine")
        _received(database_url)
    home = open_folder / "home"
    recovered = recovery.recover(archive, home / "cluster", moment, bundled())
    assert recovered == base
    with recovery.server(home, base, bundled()) as url, connect(url, "test") as connection:
        assert _contents(connection) == before
        assert rows_of(connection)["public.quarantine"] == 2

    app = typer.Typer()
    db.register(app)
    folder = str(archive.wal.parent)
    newest = CliRunner().invoke(app, ["db", "drill", folder], env={"PHAROS_DATABASE_URL": database_url})
    assert newest.exit_code == 0, newest.output
    assert "recovered until " in newest.stdout
    with psycopg.connect(database_url) as connection:
        comment = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ((told,),) = connection.execute(comment).fetchall()
    assert [part.rsplit(" ", 1)[0] for part in str(told).split("; ")] == ["last base backup", "last drill"]

    with pytest.raises(BackupError, match="holds no base backup that ended by"):
        recovery.recover(archive, open_folder / "earlier", base.began - timedelta(seconds=1), bundled())
    packed = archive.files(base) / "base.tar.gz"
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="cannot be unpacked"):
        recovery.recover(archive, open_folder / "damaged", moment, bundled())
    assert not (open_folder / "damaged").exists()


def test_what_no_moment_of_the_last_days_needs_is_removed_and_the_newest_base_backup_never(tmp_path: Path) -> None:
    kept, now = Archive(tmp_path), datetime(2026, 12, 1, tzinfo=UTC)
    kept.make()
    for number, days in enumerate((50, 40, 3), 1):
        began = now - timedelta(days=days)
        name = f"{began:%Y%m%dT%H%M%SZ}"
        (tmp_path / "base" / name).mkdir()
        record = {"name": name, "began": f"{began:%Y-%m-%dT%H:%M:%SZ}", "ended": f"{began:%Y-%m-%dT%H:%M:%SZ}"}
        record |= {"server": "18.6", "database": "pharos", "user": "pharos_owner", "first_wal": f"{number:024X}"}
        (tmp_path / "base" / name / "record.json").write_text(json.dumps(record))
        (kept.wal / f"{number:024X}").touch()
    (kept.wal / f"{4:024X}.partial").touch()
    assert kept.is_due(timedelta(days=3), now)
    assert not kept.is_due(timedelta(days=7), now)
    assert kept.expire(30, bundled(), now) == ["20261012T000000Z"], "a moment 30 days ago begins with the second"
    assert sorted(path.name[-9:] for path in kept.wal.iterdir()) == ["000000002", "000000003", "4.partial"]
    assert kept.expire(1, bundled(), now) == ["20261022T000000Z"]
    assert kept.expire(1, bundled(), now + timedelta(days=90)) == []
    assert [base.first_wal for base in kept.bases()] == [f"{3:024X}"]


def test_where_a_base_backup_begins_in_the_log_is_said_as_the_server_names_its_files(tmp_path: Path) -> None:
    manifest = tmp_path / "backup_manifest"
    manifest.write_text('{"WAL-Ranges": [{"Timeline": 3, "Start-LSN": "5/FE000028", "End-LSN": "6/0"}]}')
    assert archives.first_wal(manifest, 16 * 2**20) == "0000000300000005000000FE"
    assert archives.first_wal(manifest, 2**30) == "000000030000000500000003"
    manifest.write_text("{}")
    with pytest.raises(BackupError, match="is not as pg_basebackup writes it"):
        archives.first_wal(manifest, 16 * 2**20)
