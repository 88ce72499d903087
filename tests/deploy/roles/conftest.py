"""What ends a role in a test."""

import signal
from collections.abc import Iterator

import pytest

from deploy.roles.role import Stop


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Return what ends a role, and give the signals back that it takes."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield Stop()
    for number, handler in before.items():
        signal.signal(number, handler)
