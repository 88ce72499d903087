"""What the storage does with readings, it does on both stores; its other tables are the same on each."""

import pytest

from tests.stores import POSTGRESQL, TIMESCALEDB, one_backend


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of tests that one store is enough for."""
    config.addinivalue_line("markers", "plain_tables: speaks of no readings, whose table alone differs by the store")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on both stores unless it says on which; a database of TimescaleDB takes ten times as long to start."""
    marks = list(metafunc.definition.iter_markers())
    is_said = any(
        mark.name == "plain_tables" or (mark.name == "parametrize" and "store" in mark.args) for mark in marks
    )
    if "store" in metafunc.fixturenames and not is_said:
        metafunc.parametrize("store", [POSTGRESQL, TIMESCALEDB], indirect=True)


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str:
    """Return the store that the test's databases are in; several sessions at once need a server."""
    name = str(getattr(request, "param", POSTGRESQL))
    if request.node.get_closest_marker("concurrent") and one_backend(name):
        pytest.skip("TimescaleDB on WASM has one backend; set PHAROS_TEST_TIMESCALE_URL")
    if "empty_database_url" in request.fixturenames and one_backend(name):
        pytest.skip("TimescaleDB on WASM forgets an empty database between two sessions; set PHAROS_TEST_TIMESCALE_URL")
    return name
