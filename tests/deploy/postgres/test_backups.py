"""A backup is of one moment, says what it holds, and is tried by restoring it into a server of its own."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli import db
from deploy.embedded.server_programs import ServerPrograms, bundled
from deploy.errors import BackupError
from deploy.postgres import backups
from deploy.postgres.backups import Backup
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage
from processors.intake.stream import Stream
from processors.storage.database import connect
from processors.storage.readings.sink import Sink

pytestmark = pytest.mark.integration

NOW = datetime(2026, 12, 1, 3, 17, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    """Return what runs a command on a database in which three refused messages are."""
    nowhere = Catalogue([], Ids({}, {}))
    with connect(database_url, "test") as connection:
        stream = Stream(Sink(connection, nowhere, "mqtt"), nowhere)
        stream.accept([RawMessage("x", b"rubbish %d" % number, number) for number in range(3)])
    app = typer.Typer()
    db.register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"PHAROS_DATABASE_URL": database_url})


def test_a_backup_restores_with_every_row_and_metrics_know_when_it_began(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    made = run("db", "backup", str(tmp_path / "made" / "here"), "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    dump = Path(told["dump"])
    assert told["removed"] == []
    assert Backup.of(dump).rows["public.quarantine"] == 3
    assert [path.name for path in dump.parent.iterdir() if path.suffix == backups.UNFINISHED] == []
    with psycopg.connect(database_url) as connection:
        comment = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        described = connection.execute(comment).fetchone()
    assert described
    assert described[0].startswith("last backup 2")
    tried = run("db", "drill", str(dump))
    assert tried.exit_code == 0, tried.output
    assert f"{dump.name} restores: " in tried.stdout

    record = json.loads(dump.with_suffix(backups.RECORD).read_text())
    record["rows"]["public.quarantine"] = 4
    dump.with_suffix(backups.RECORD).write_text(json.dumps(record))
    missing = run("db", "drill", str(dump))
    assert missing.exit_code == 1
    assert "not as recorded: public.quarantine: 3 rows, expected 4" in missing.stderr


def test_a_dump_of_which_one_byte_changed_or_whose_record_is_gone_is_no_backup(
    database_url: str, tmp_path: Path
) -> None:
    dump = backups.dump(database_url, tmp_path, bundled(), NOW)
    assert dump.name == "pharos-20261201T031700Z.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupError, match="is not what was written: its SHA-256 is "):
        Backup.of(dump)
    dump.with_suffix(backups.RECORD).unlink()
    with pytest.raises(BackupError, match="a backup is a dump with its record"):
        Backup.of(dump)


def test_of_a_dump_that_fails_nothing_is_left_that_looks_like_one_and_its_last_words_are_told(
    database_url: str, tmp_path: Path
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    with pytest.raises(BackupError, match="has no pg_dump"):
        backups.dump(database_url, tmp_path / "none", ServerPrograms(programs), NOW)
    (programs / "pg_dump").write_text("#!/bin/sh\necho 'no room left' >&2\nexit 1\n")
    (programs / "pg_dump").chmod(0o755)
    with pytest.raises(BackupError, match="pg_dump failed: no room left"):
        backups.dump(database_url, tmp_path / "some", ServerPrograms(programs), NOW)
    assert list((tmp_path / "some").iterdir()) == []


def test_old_backups_and_unfinished_ones_are_removed_but_never_the_newest(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        for suffix in (backups.DUMP, backups.RECORD):
            (tmp_path / f"pharos-2026100{day}T031700Z{suffix}").touch()
    (tmp_path / f"pharos-20261003T041700Z.dump{backups.UNFINISHED}").touch()
    (tmp_path / "notes.dump").touch()
    then = (NOW - timedelta(days=40)).timestamp()
    for path in tmp_path.iterdir():
        os.utime(path, (then, then))
    removed = backups.expire(tmp_path, 30, NOW)
    assert sorted(removed) == [
        "pharos-20261001T031700Z.dump",
        "pharos-20261002T031700Z.dump",
        "pharos-20261003T041700Z.dump.part",
    ]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["notes.dump", "pharos-20261003T031700Z.dump", "pharos-20261003T031700Z.json"]


def test_a_copy_is_compared_where_it_is_and_one_on_the_same_disk_is_none(
    run: Run, database_url: str, tmp_path: Path, open_folder: Path
) -> None:
    refused = run("db", "backup", str(tmp_path / "made"), "--copy-to", str(tmp_path))
    assert refused.exit_code == 1
    assert f"{tmp_path} is on the same disk as {tmp_path}/made" in str(refused.exception)
    assert len(backups.listed(tmp_path / "made")) == 1, "the dump itself is whole"
    if open_folder.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk only")
    (dump,) = (tmp_path / "made").glob("*.dump")
    copied = backups.copy(dump, open_folder, database_url)
    assert Backup.of(copied).rows["public.quarantine"] == 3
    assert backups.expire(open_folder, 1, NOW + timedelta(days=400)) == [], "the newest stays there, too"
    with psycopg.connect(database_url) as connection:
        comment = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ((told,),) = connection.execute(comment).fetchall()
    assert str(told).startswith("last backup 2")
    assert "; last copy 2" in str(told)


def test_a_drill_in_a_server_that_runs_takes_a_database_of_its_own_and_drops_it(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    dump = backups.dump(database_url, tmp_path, bundled(), NOW)
    with psycopg.connect(database_url) as connection:
        databases = connection.execute("select datname from pg_database order by 1").fetchall()
    tried = run("db", "drill", str(dump), "--server", database_url)
    assert tried.exit_code == 0, tried.output
    assert "each as recorded" in tried.stdout
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select datname from pg_database order by 1").fetchall() == databases
