"""A TimescaleDB server of a test's own, from the programs of the native one at PHAROS_TEST_TIMESCALE_URL.

Its own, since a test that stops its database must not stop somebody else's; with passwords, as in production.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.server_programs import ServerPrograms


@contextmanager
def server(home: Path, url: str) -> Iterator[Postgres]:
    """Yield a server on ``home`` with nothing in it, not started; skips where its programs are on another machine."""
    programs = _programs(url)
    if not (programs / "postgres").exists():
        pytest.skip(f"the programs of PHAROS_TEST_TIMESCALE_URL, {programs}, are not on this machine")
    yield Postgres(home, programs=ServerPrograms(programs))  # it loads TimescaleDB by itself


def _programs(url: str) -> Path:
    with psycopg.connect(url) as connection:
        found = connection.execute("select setting from pg_config where name = 'BINDIR'").fetchone()
    assert found
    return Path(found[0])
