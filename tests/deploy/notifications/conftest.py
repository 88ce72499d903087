"""Fixtures of tests in which somebody is told."""

from collections.abc import Iterator

import pytest

from tests.deploy.notifications.posted import Posted


@pytest.fixture
def posted() -> Iterator[Posted]:
    server = Posted()
    yield server
    server.shutdown()
    server.server_close()
