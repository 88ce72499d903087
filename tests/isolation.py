"""What every test leaves as it found it: whatever of this process all tests of a worker share."""

import locale
import logging
import os
import signal
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

PYTESTS_OWN: Final = "PYTEST_CURRENT_TEST"  # another in each phase of a test
POLARS_OWN: Final = "_RJEM_MALLOC_CONF"  # set when it is first imported
TIMEOUTS_OWN: Final = signal.SIGALRM  # of pytest-timeout, which gives it back when a test has failed
SIGNALS: Final = sorted(signal.valid_signals() - {TIMEOUTS_OWN})
# What signal and os.environ are made of: they turn each of a hundred answers of a test into a name or a text.
HANDLER_OF: Final = import_module("_signal").getsignal
ENVIRONMENT: Final[dict[bytes, bytes]] = vars(os.environ)["_data"]
UNREGARDED: Final = [os.fsencode(name) for name in (PYTESTS_OWN, POLARS_OWN)]


def surroundings() -> dict[str, Any]:
    """Return what tests share, by what it is."""
    root = logging.getLogger()
    environment = ENVIRONMENT.copy()
    for name in UNREGARDED:
        environment.pop(name, None)
    return {
        "the environment": environment,
        "the working folder": Path.cwd(),
        "the handlers of signals": list(map(HANDLER_OF, SIGNALS)),
        "the log": (root.level, root.handlers[:], logging.root.manager.disable),
        "structlog": structlog.get_config() | structlog.contextvars.get_contextvars(),
        "the time zone": time.tzname,
        "the locale": locale.setlocale(locale.LC_ALL),
    }


def changed(before: dict[str, Any]) -> list[str]:
    """Return what is not as it was ``before``."""
    return [name for name, value in surroundings().items() if value != before[name]]


@pytest.fixture(autouse=True)
def _as_it_was_found() -> Iterator[None]:
    """Fail a test that leaves what all share otherwise than it was; set up first, it goes last."""
    before = surroundings()
    yield
    assert changed(before) == [], "left otherwise than they were found, for every later test of this worker"
