"""A TimescaleDB server of a test's own, from the programs of the native one at PHAROS_TEST_TIMESCALE_URL.

Its own, since a test that stops its database must not stop somebody else's; with passwords, as in production.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest

from deploy.embedded import cluster, postgres
from deploy.embedded.postgres import Postgres

SETTINGS = """
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
max_worker_processes = 24
"""


@contextmanager
def server(home: Path, url: str) -> Iterator[Postgres]:
    """Yield a server on ``home`` with nothing in it, not started; skips where its programs are on another machine."""
    programs = _programs(url)
    if not (programs / "postgres").exists():
        pytest.skip(f"the programs of PHAROS_TEST_TIMESCALE_URL, {programs}, are not on this machine")
    with patch.object(cluster, "program", programs.joinpath), patch.object(postgres, "program", programs.joinpath):
        made = Postgres(home)
        made.start()  # makes the folder, in which the settings have their place
        made.stop()
        (home / "cluster" / "custom.conf").write_text(SETTINGS)
        yield made


def _programs(url: str) -> Path:
    with psycopg.connect(url) as connection:
        found = connection.execute("select setting from pg_config where name = 'BINDIR'").fetchone()
    assert found
    return Path(found[0])
