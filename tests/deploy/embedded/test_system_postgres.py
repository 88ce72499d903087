"""A PostgreSQL that the machine has, such as Debian's, holds what the wheel's holds."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.server_programs import ServerPrograms, bundled
from deploy.errors import DatabaseServerError
from deploy.postgres import roles
from processors.storage.database import connect
from processors.storage.schema.examination import OLDEST_POSTGRESQL, examine
from processors.storage.schema.migrate import migrate, require_current

pytestmark = pytest.mark.integration

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")  # of Debian's packages, and of PostgreSQL's own for Fedora


def installed() -> ServerPrograms | None:
    """Return the newest server that the machine has and the schema can use."""
    folders = [folder for place in PLACES for folder in Path("/").glob(place[1:]) if (folder / "postgres").is_file()]
    newest = max((ServerPrograms(folder) for folder in folders), key=lambda programs: programs.version, default=None)
    return newest if newest and newest.version >= OLDEST_POSTGRESQL else None


@pytest.fixture(scope="module")
def programs() -> ServerPrograms:
    if (found := installed()) is None:
        pytest.skip(f"no PostgreSQL {OLDEST_POSTGRESQL} or later is in {' or '.join(PLACES)}")
    return found


@pytest.fixture(scope="module")
def home(module_open_folder: Path) -> Path:
    return module_open_folder / "postgres"


@pytest.fixture
def server(home: Path, programs: ServerPrograms) -> Iterator[Postgres]:
    launched = Postgres(home, programs=programs)
    launched.start()
    launched.create_database("pharos")
    yield launched
    launched.stop()


def test_it_holds_the_schema_with_the_rights_of_each_role(server: Postgres, programs: ServerPrograms) -> None:
    roles.create(server.url("pharos"), dict.fromkeys(roles.USERS, "secret"))
    owner = server.url("pharos", roles.ROLES["owner"], "secret")
    migrate(owner)
    roles.grant(owner)
    with connect(owner, "test") as connection:
        require_current(connection)
        assert [examined for examined in examine(connection) if not examined.good] == []
        assert connection.info.server_version // 10_000 == programs.version


def test_its_data_survive_a_stop_and_a_start(server: Postgres, home: Path, programs: ServerPrograms) -> None:
    with psycopg.connect(server.url("pharos")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note AS SELECT 'kept' AS text")
    server.stop()
    second = Postgres(home, programs=programs)
    second.start()
    with psycopg.connect(second.url("pharos")) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("kept",)]
    second.stop()


@pytest.mark.usefixtures("server")
def test_the_wheel_of_another_version_refuses_its_data(home: Path, programs: ServerPrograms) -> None:
    if programs.version == bundled().version:
        pytest.skip("the machine's server has the version of the wheel's")
    refusal = (
        f"was made by PostgreSQL {programs.version}, the one in the wheel is {bundled().version}: name its programs"
    )
    with pytest.raises(DatabaseServerError, match=re.escape(refusal)):
        Postgres(home).start()
