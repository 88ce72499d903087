"""The year of data that panels are tried on, on each store."""

from collections.abc import Iterator

import pytest

from processors.storage.database import Connection, connect
from tests.acceptance.grafana import year_of_data
from tests.stores import NATIVE_URL, POSTGRESQL, TIMESCALEDB, Stores


@pytest.fixture(scope="session", params=[POSTGRESQL, TIMESCALEDB])
def year(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Connection]:
    """Return a session in a database with a year of data, on each of both stores."""
    if request.param == TIMESCALEDB and not NATIVE_URL:
        pytest.skip("a year of data wants a native TimescaleDB; set PHAROS_TEST_TIMESCALE_URL to one")
    with stores[request.param].database(is_migrated=True) as url, connect(url, "test") as connection:
        year_of_data.make(connection)
        yield connection
