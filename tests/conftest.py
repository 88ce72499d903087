"""Fixtures for tests that need a database, a broker or the public sample data; everything on loopback."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from deploy.embedded.postgres import Postgres
from processors.storage.migrate import migrate

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """Return a folder for the data of servers that any account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="pharos-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url(open_folder: Path) -> Iterator[str]:
    """Return the URL of a PostgreSQL server: PHAROS_TEST_POSTGRES_URL, else one started for this session."""
    given = os.environ.get("PHAROS_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = Postgres(open_folder / "postgres")
    server.start()
    yield server.url()
    server.stop()


@pytest.fixture(scope="session")
def _template(postgres_url: str) -> Iterator[str]:
    name = f"pharos_template_{uuid4().hex}"
    _administer(postgres_url, "CREATE DATABASE {}", name)
    migrate(_database(postgres_url, name))
    yield name
    _administer(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def database_url(postgres_url: str, _template: str) -> Iterator[str]:
    """Return the URL of an empty database of the current schema, this test's own."""
    name = f"pharos_test_{uuid4().hex}"
    _administer(postgres_url, "CREATE DATABASE {} TEMPLATE {}", name, _template)
    yield _database(postgres_url, name)
    _administer(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """Return the URL of a database without any schema, this test's own."""
    name = f"pharos_test_{uuid4().hex}"
    _administer(postgres_url, "CREATE DATABASE {}", name)
    yield _database(postgres_url, name)
    _administer(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Return the folder of the public sample data (PHAROS_REFERENCE_DATA); skip where it is absent."""
    folder = Path(os.environ.get("PHAROS_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the public sample data are not at {folder}; set PHAROS_REFERENCE_DATA to their folder")
    return folder


def _database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _administer(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
