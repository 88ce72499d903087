"""PostgreSQL's programs that talk to a server: pg_dump, pg_basebackup, pg_receivewal.

They are told where to connect by their environment, so that no list of processes shows a password, and through a bridge
where TLS is asked for.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.pq import Conninfo

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres import tls_bridge


@contextmanager
def environment(url: str) -> Iterator[dict[str, str]]:
    """Yield the environment in which a program connects to ``url``, for as long as the block lasts."""
    options = [one for one in Conninfo.parse(url.encode()) if one.envvar and one.val]
    parts = {one.keyword.decode(): one.val.decode() for one in options if one.val}
    variables = {one.keyword.decode(): one.envvar.decode() for one in options if one.envvar}
    if not tls_bridge.is_asked(parts):
        yield {**os.environ, **{variables[name]: value for name, value in parts.items()}}
        return
    with tls_bridge.bridge(parts) as bridged:
        yield {**os.environ, **{variables[name]: value for name, value in bridged.items()}}


def run(command: list[str], url: str) -> None:
    """Run a program on the database at ``url`` until it ends. Raises BackupError with its last words."""
    with environment(url) as told:
        answer = subprocess.run(command, env=told, capture_output=True, text=True, check=False)  # noqa: S603 - a server's own program
    if answer.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {answer.stderr.strip() or f'exit {answer.returncode}'}")


def program(programs: ServerPrograms, name: str) -> str:
    """Return the path of the program ``name``; raises BackupError where the folder has none."""
    if not programs.path(name).is_file():
        raise BackupError(f"{programs.folder} has no {name}; name the folder of PostgreSQL's programs that has it")
    return str(programs.path(name))
