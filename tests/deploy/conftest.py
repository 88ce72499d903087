"""Fixtures for tests of commands and of what they set up."""

import logging
from collections.abc import Iterator

import pytest
import structlog
import typer


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


@pytest.fixture
def app(request: pytest.FixtureRequest) -> typer.Typer:
    """Return a program that has the command which the module registers as its COMMAND."""
    built = typer.Typer()
    request.module.COMMAND(built)
    return built
