"""What keeps a database from holding Pharos is named, with what to do about it."""

import pytest

from processors.storage.database import connect
from processors.storage.schema.examination import examine, timescaledb


@pytest.mark.integration
def test_a_store_that_was_migrated_is_as_it_should_be(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        assert [examined for examined in examine(connection) if not examined.good] == []


@pytest.mark.integration
@pytest.mark.plain_tables
def test_a_role_that_may_not_write_is_told_so(database_url: str) -> None:
    with connect(database_url, "test") as connection:
        connection.execute("create role looker_on")  # rolled back
        connection.execute("set local role looker_on")
        bad = [examined for examined in examine(connection) if not examined.good]
        connection.rollback()
    assert [examined.subject for examined in bad] == ["privileges"]
    assert "looker_on may not read and write observations" in bad[0].found


@pytest.mark.parametrize(
    ("installed", "licence", "words"),
    [
        ("2.15.3", "timescale", "expected 2.18 or later: alter extension timescaledb update"),
        ("2.29.2", None, "add timescaledb to shared_preload_libraries"),
        ("2.29.2", "apache", "compression needs timescaledb.license = timescale"),
    ],
)
def test_what_is_wrong_with_the_extension_has_its_own_words(installed: str, licence: str | None, words: str) -> None:
    examined = timescaledb(installed, licence, is_available=True)
    assert not examined.good
    assert words in examined.found


@pytest.mark.parametrize("installed", [None, "2.18.0", "2.30.0-dev"])
def test_a_usable_extension_passes_and_so_does_none(installed: str | None) -> None:
    assert timescaledb(installed, "timescale", is_available=installed is not None).good
