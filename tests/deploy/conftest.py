"""Fixtures for tests of commands and of what they set up."""

import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture
def _log_put_back() -> Iterator[None]:
    """Let a test configure the log of its process."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
