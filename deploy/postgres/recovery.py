"""The database as it was at a moment: a base backup of an archive, and its log since, until then."""

import shlex
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from deploy.embedded import process
from deploy.embedded.cluster import SHUTDOWN
from deploy.embedded.identity import unprivileged
from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres.archive import Archive, BaseBackup
from deploy.postgres.backups import rows_of
from deploy.postgres.client_programs import program
from processors.storage.database import ADMINISTERING, connect
from processors.storage.readings.ledger import accounts
from processors.storage.statements import statements

SQL: Final = statements(__name__)
LONGEST_SECONDS: Final = 6 * 3600.0  # log of a week is read in less
LOOK_SECONDS: Final = 0.1
#: Whoever may enter its folder may ask it anything; it is reached by no network.
ACCESS: Final = "local all all trust\n"
SETTINGS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "ssl": "off",
    "logging_collector": "off",
    "hot_standby": "off",  # else it asks for as many connections as the server had
    "shared_buffers": "128MB",
    "archive_mode": "off",
}


@dataclass(frozen=True)
class Recovered:
    """What a moment held: the last transaction in it, rows by table, and who of the ledger does not add up."""

    last: datetime | None
    rows: dict[str, int]
    unbalanced: list[str]


def recover(archive: Archive, data: Path, moment: datetime | None, programs: ServerPrograms) -> BaseBackup:
    """Make the folder ``data`` of a server that becomes, at its start, what the archived one was at ``moment``.

    Without a moment, as far as the archive reaches. Returns the base backup that it begins with. Raises BackupError
    where the archive has none, or one that is damaged; the folder is removed then.
    """
    base = archive.before(moment)
    if data.exists():
        raise BackupError(f"{data} exists; expected the name of a new folder. Nothing was changed.")
    try:
        data.mkdir(mode=0o700, parents=True)
        _unpack(archive.files(base), data)
        _verify(archive.files(base), data, programs)
        _ask_for(moment, archive, data)
    except OSError as error:
        shutil.rmtree(data, ignore_errors=True)
        raise BackupError(f"{error.filename or data}: {error.strerror}") from None
    except BackupError:
        shutil.rmtree(data, ignore_errors=True)
        raise
    return base


def drill(
    archive: Archive, moment: datetime | None, programs: ServerPrograms, announce: Callable[[str], None]
) -> Recovered:
    """Recover a moment in a temporary folder, look at what it held, and throw it away.

    Raises BackupError where it cannot be recovered, with the server's last words.
    """
    root = Path(tempfile.mkdtemp(prefix="pharos-drill-"))
    root.chmod(0o711)  # a server that root runs under another account has folders in it
    try:
        announce("unpacking a base backup")
        base = recover(archive, root / "home" / "cluster", moment, programs)
        announce(f"reading the log since {base.ended:%Y-%m-%d %H:%M} UTC")
        with (
            server(root / "home", base, programs) as url,
            closing(connect(url, "pharos db drill", ADMINISTERING)) as connection,
        ):
            announce("counting its rows")
            ((last,),) = connection.execute(SQL["recovery_last"]).fetchall()
            unbalanced = [
                f"{one.city or 'unknown devices'}, {one.source}" for one in accounts(connection) if not one.is_balanced
            ]
            return Recovered(last, rows_of(connection), unbalanced)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _unpack(files: Path, data: Path) -> None:
    try:
        for name, folder in (("base", data), ("pg_wal", data / "pg_wal")):
            with tarfile.open(files / f"{name}.tar.gz") as packed:
                packed.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(
            f"{files} cannot be unpacked: {error}; one with tablespaces is not recovered by this command"
        ) from None


def _verify(files: Path, data: Path, programs: ServerPrograms) -> None:
    verifying = [program(programs, "pg_verifybackup"), "--no-parse-wal", "--quiet", str(data)]
    manifest = f"--manifest-path={files / 'backup_manifest'}"
    answer = subprocess.run([*verifying, manifest], capture_output=True, text=True, check=False)  # noqa: S603 - a server's own program
    if answer.returncode:
        raise BackupError(f"{files} is damaged: {answer.stderr.strip()}")


def _ask_for(moment: datetime | None, archive: Archive, data: Path) -> None:
    """Ask the server to read the archive at its start, until a moment, and to go on from there."""
    wal = str(archive.wal.resolve())
    # The last file is not full yet, and has another name until it is.
    finding = f"cp {shlex.quote(wal)}/%f %p || cp {shlex.quote(wal)}/%f.partial %p"
    told = {"restore_command": finding, "recovery_target_timeline": "latest"}
    if moment:
        told |= {"recovery_target_time": f"{moment.astimezone(UTC).isoformat()}", "recovery_target_action": "promote"}
    quoted = {name: value.replace("'", "''") for name, value in told.items()}
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in quoted.items())
    (data / "postgresql.conf").touch(mode=0o600)
    (data / "recovery.signal").touch(mode=0o600)


@contextmanager
def server(home: Path, base: BaseBackup, programs: ServerPrograms) -> Iterator[str]:
    """Yield the URL of a server on ``home``/cluster once it has recovered; nobody else can reach it."""
    identity, log = unprivileged(), home / "postgres.log"
    (home / "access").write_text(ACCESS)
    told = SETTINGS | {"unix_socket_directories": str(home), "hba_file": str(home / "access")}
    home.chmod(0o700)
    identity.take_over(home)
    command: list[str | Path] = [
        program(programs, "postgres"),
        "-D",
        home / "cluster",
        *(f"--{name}={value}" for name, value in told.items()),
    ]
    launched = process.spawn(process.Program(command, log, identity=identity, death_signal=SHUTDOWN[0][0]))
    url = f"postgresql://{quote(base.user)}@/{quote(base.database)}?host={quote(str(home), safe='')}"
    try:
        deadline = time.monotonic() + LONGEST_SECONDS
        while not _answers(url):
            if launched.poll() is not None or time.monotonic() > deadline:
                raise BackupError(f"it cannot be recovered: {_last_words(log)}")
            time.sleep(LOOK_SECONDS)
        yield url
    finally:
        process.end(launched, SHUTDOWN)


def _last_words(log: Path) -> str:
    """Return why a server did not start: what it says before it tells of its end."""
    lines = process.last_lines(log, 20).splitlines()
    return "\n".join([line for line in lines if " FATAL: " in line or " DETAIL: " in line][-2:] or lines[-4:])


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False
