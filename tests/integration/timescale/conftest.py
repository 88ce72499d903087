"""Tests in this folder speak of TimescaleDB."""

import pytest

from tests.stores import TIMESCALEDB


@pytest.fixture
def store() -> str:
    """Return the store that the test's databases are in."""
    return TIMESCALEDB
