"""A continuous archive of the database: base backups, and every byte of its log since, by which any moment comes back.

FOLDER/wal     the write-ahead log as pg_receivewal receives it, in the second it is written
FOLDER/base    a folder for each base backup by pg_basebackup, with a record; what is not finished ends in ``.part``

The server keeps what was not received yet (a replication slot), up to its ``max_slot_wal_keep_size``.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres.backup_times import Protection, note
from deploy.postgres.client_programs import environment, program, run
from processors.storage.database import ADMINISTERING, connect
from processors.storage.statements import statements

SQL: Final = statements(__name__)
APPLICATION: Final = "pharos db archive"
SLOT: Final = "pharos_archive"  # metrics look at it by this name: kpi_engine/metrics/store.sql
RECORD: Final = "record.json"
UNFINISHED: Final = ".part"
ENDING_SECONDS: Final = 20.0


@dataclass(frozen=True)
class BaseBackup:
    """A copy of all files: of which server, database and user, from when to when, and the first log file it needs."""

    name: str
    began: datetime
    ended: datetime
    server: str
    database: str
    user: str
    first_wal: str

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Return the record of a base backup; raises BackupError where it is none."""
        try:
            return TypeAdapter(cls).validate_json((folder / RECORD).read_bytes())
        except OSError as error:
            raise BackupError(f"{error.filename}: {error.strerror}; expected the record of a base backup") from None
        except ValidationError as error:
            raise BackupError(f"{folder / RECORD} is no record of a base backup: {error}") from None


class Archive:
    """The archive in ``folder``, which is made when missing."""

    def __init__(self, folder: Path) -> None:
        self.wal, self._bases = folder / "wal", folder / "base"
        self._folder = folder

    def make(self) -> None:
        """Make its folders; raises BackupError where that cannot be."""
        try:
            for folder in (self.wal, self._bases):
                folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as error:
            raise BackupError(f"{error.filename or self._folder}: {error.strerror}; nothing is archived") from None

    def bases(self) -> list[BaseBackup]:
        """Return the base backups, the oldest first."""
        finished = [path for path in sorted(self._bases.glob("*")) if path.suffix != UNFINISHED]
        return [BaseBackup.of(path) for path in finished]

    def files(self, base: BaseBackup) -> Path:
        """Return the folder with the files of a base backup."""
        return self._bases / base.name

    def before(self, moment: datetime | None) -> BaseBackup:
        """Return the newest base backup that ended by ``moment``, or at all; raises BackupError where there is none."""
        fit = [one for one in self.bases() if moment is None or one.ended <= moment]
        if not fit:
            asked = f"that ended by {moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "at all"
            raise BackupError(f"{self._bases} holds no base backup {asked}")
        return fit[-1]

    def is_due(self, every: timedelta, now: datetime) -> bool:
        """Tell whether the newest base backup is older than ``every``, or there is none."""
        bases = self.bases()
        return not bases or now - bases[-1].began >= every

    def take_base(self, url: str, programs: ServerPrograms, now: Callable[[], datetime]) -> BaseBackup:
        """Copy all files of the server while it runs; raises BackupError, and leaves nothing, where that fails."""
        pg_basebackup, began = program(programs, "pg_basebackup"), now()
        unfinished = self._bases / f"{began.astimezone(UTC):%Y%m%dT%H%M%SZ}{UNFINISHED}"
        options = ["--format=tar", "--gzip", "--wal-method=stream", "--checkpoint=fast", "--no-password"]
        try:
            run([pg_basebackup, f"--pgdata={unfinished}", *options, f"--label={APPLICATION}"], url)
            with closing(connect(url, APPLICATION, ADMINISTERING)) as connection:
                ((server, database, user, size),) = connection.execute(SQL["archive_server"]).fetchall()
            first = first_wal(unfinished / "backup_manifest", size)
            base = BaseBackup(unfinished.stem, began, now(), server, database, user, first)
            record = {**asdict(base), "began": base.began.isoformat(), "ended": base.ended.isoformat()}
            (unfinished / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
            unfinished.rename(self.files(base))
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise BackupError(
                f"{error.filename or unfinished}: {error.strerror}; there is no new base backup"
            ) from None
        except BackupError:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        note(url, Protection.BASE, began)
        return base

    def expire(self, days: int, programs: ServerPrograms, now: datetime) -> list[str]:
        """Remove what no moment of the last ``days`` needs: base backups, and log from before those that stay.

        Returns the names of base backups that were removed. One always stays.
        """
        before = now - timedelta(days=days)
        bases = self.bases()
        old = [one for one in bases if one.ended <= before][:-1]
        for one in old:
            shutil.rmtree(self.files(one))
        for path in self._bases.glob(f"*{UNFINISHED}"):
            if path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path)
        if kept := [one for one in bases if one not in old]:
            cleaning = [program(programs, "pg_archivecleanup"), str(self.wal), kept[0].first_wal]
            answer = subprocess.run(cleaning, capture_output=True, text=True, check=False)  # noqa: S603 - a server's own program
            if answer.returncode:
                raise BackupError(f"pg_archivecleanup failed: {answer.stderr.strip()}")
        return [one.name for one in old]

    @contextmanager
    def receiving(self, url: str, programs: ServerPrograms) -> Iterator["subprocess.Popen[bytes]"]:
        """Receive the log while the block lasts; the process connects again by itself when the server comes back."""
        receiver = [program(programs, "pg_receivewal"), f"--slot={SLOT}", "--no-password"]
        run([*receiver, "--create-slot", "--if-not-exists"], url)
        with environment(url) as told:
            process = subprocess.Popen([*receiver, f"--directory={self.wal}", "--synchronous"], env=told)  # noqa: S603 - the same
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(ENDING_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def first_wal(manifest: Path, segment_bytes: int) -> str:
    """Return the name of the file of the log that a base backup begins in (PostgreSQL, pg_walfile_name)."""
    try:
        (first, *_) = json.loads(manifest.read_bytes())["WAL-Ranges"]
        high, low = (int(part, 16) for part in first["Start-LSN"].split("/"))
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{manifest} is not as pg_basebackup writes it: {error!r}") from None
    number = (high << 32 | low) // segment_bytes
    a_log = (1 << 32) // segment_bytes
    return f"{first['Timeline']:08X}{number // a_log:08X}{number % a_log:08X}"
