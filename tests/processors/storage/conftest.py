"""What the storage does, it does on both stores."""

import pytest

from tests.stores import POSTGRESQL, TIMESCALEDB, one_backend


@pytest.fixture(params=[POSTGRESQL, TIMESCALEDB])
def store(request: pytest.FixtureRequest) -> str:
    """Return the store that the test's databases are in; several sessions at once need a server."""
    name: str = request.param
    if request.node.get_closest_marker("concurrent") and one_backend(name):
        pytest.skip("TimescaleDB on WASM has one backend; set PHAROS_TEST_TIMESCALE_URL")
    if "empty_database_url" in request.fixturenames and one_backend(name):
        pytest.skip("TimescaleDB on WASM forgets an empty database between two sessions; set PHAROS_TEST_TIMESCALE_URL")
    return name
