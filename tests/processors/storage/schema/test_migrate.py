"""The schema moves forward once, in order, and never over a history that was changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from processors.errors import MigrationError, SchemaError
from processors.storage.database import connect
from processors.storage.schema.migrate import Migration, migrate, migrations, require_current, status
from tests.stores import POSTGRESQL

pytestmark = pytest.mark.integration

FIRST = Migration("0001_first", "create table first (a integer); create table second (b integer);")
SECOND = Migration("0002_second", "insert into first values (1);")


def test_applies_what_is_pending_in_order_and_only_once(empty_database_url: str) -> None:
    assert migrate(empty_database_url, [FIRST]) == ["0001_first"]
    assert migrate(empty_database_url, [FIRST, SECOND]) == ["0002_second"]
    assert migrate(empty_database_url, [FIRST, SECOND]) == []
    with connect(empty_database_url, "test") as connection:
        assert connection.execute("select a from first").fetchall() == [(1,)]


def test_a_changed_migration_is_refused_by_name(empty_database_url: str) -> None:
    migrate(empty_database_url, [FIRST])
    with pytest.raises(MigrationError, match="0001_first was changed"):
        migrate(empty_database_url, [Migration("0001_first", "create table other (a integer);"), SECOND])


def test_a_database_of_a_newer_version_is_refused(empty_database_url: str) -> None:
    migrate(empty_database_url, [FIRST, SECOND])
    with pytest.raises(MigrationError, match="does not know: 0002_second"):
        migrate(empty_database_url, [FIRST])


def test_a_failing_migration_leaves_nothing_behind(empty_database_url: str) -> None:
    broken = Migration("0002_broken", "insert into first values (1); insert into absent values (1);")
    with pytest.raises(Exception, match="absent"):
        migrate(empty_database_url, [FIRST, broken])
    with connect(empty_database_url, "test") as connection:
        assert connection.execute("select count(*) from first").fetchone() == (0,)
    assert migrate(empty_database_url, [FIRST, SECOND]) == ["0002_second"]


@pytest.mark.concurrent
def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(migrate, [empty_database_url] * 4))
    assert sorted(name for names in applied for name in names) == [step.name for step in migrations()]


def test_status_tells_applied_from_pending(empty_database_url: str) -> None:
    assert all(step.applied_at is None for step in status(empty_database_url))
    migrate(empty_database_url)
    assert all(step.applied_at is not None for step in status(empty_database_url))


@pytest.mark.parametrize("store", [POSTGRESQL], indirect=True)  # of the other, with what it compresses: test_migrations
def test_a_fresh_schema_equals_one_whose_migration_was_interrupted_after_every_step(
    empty_database_url: str, database_url: str
) -> None:
    for steps in range(1, len(migrations())):
        assert migrate(empty_database_url, migrations()[:steps]) == [migrations()[steps - 1].name]
    migrate(empty_database_url)
    assert _schema(empty_database_url) == _schema(database_url)


def _schema(url: str) -> list[tuple[object, ...]]:
    columns = """
        select table_name, column_name, data_type, is_nullable, column_default
        from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migration'
        union all
        select tablename, indexname, indexdef, null, null
        from pg_indexes where schemaname = 'public' and tablename <> 'schema_migration'
        order by 1, 2, 3
    """
    with connect(url, "test") as connection:
        return connection.execute(columns).fetchall()


def test_a_database_with_pending_migrations_is_told_from_a_current_one(empty_database_url: str) -> None:
    with connect(empty_database_url, "test") as connection:
        with pytest.raises(SchemaError, match=r"run: pharos db migrate \(0001_schema"):
            require_current(connection)
        migrate(empty_database_url)
        require_current(connection)
