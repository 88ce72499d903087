"""What a role is started with never displaces what was applied while it ran."""

import pytest

from deploy.roles.start_files import StartFiles
from ingest.model.city.assets import City
from processors.storage.database import connect
from processors.storage.registry.registry import load, sync
from tests import towns


def _city(title: str) -> City:
    return towns.city(title=title, sites={"house": {"vertical": "buildings"}})


@pytest.mark.integration
def test_files_of_the_start_are_registered_once_however_often_the_database_comes_back(database_url: str) -> None:
    files = StartFiles([_city("As started")])
    with connect(database_url, "test") as connection:
        files.register(connection)
        assert [city.title for city in load(connection).cities.values()] == ["As started"]
        sync(connection, [_city("As applied")])
        files.register(connection)
        assert [city.title for city in load(connection).cities.values()] == ["As applied"]
