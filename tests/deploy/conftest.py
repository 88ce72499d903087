"""Fixtures for tests of commands and of what they set up."""

import logging
from collections.abc import Iterator

import pytest
import structlog
import typer
from aiosmtpd.controller import Controller

from deploy.embedded import ports
from tests.deploy.letterbox import Letterbox


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


@pytest.fixture
def letterbox() -> Letterbox:
    """Return what the mail server of a test was given."""
    return Letterbox()


@pytest.fixture
def mail_server(letterbox: Letterbox) -> Iterator[Controller]:
    """Return a mail server that is not started yet."""
    controller = Controller(letterbox, hostname="127.0.0.1", port=ports.choose())
    yield controller
    if controller.server:
        controller.stop()
    controller.loop.close()
