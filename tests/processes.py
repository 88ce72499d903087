"""A test that starts a process has a mark that says so, so that make unit leaves it out, as it does what takes long."""

import sys
import threading
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Final

import pytest

STARTS: Final = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"}  # events of Python's audit
MARKS: Final = {"process", "integration", "acceptance", "browser", "long"}
WHOLE: Final = {"acceptance", "architecture", "benchmarks", "integration"}  # folders that make unit does not import
started: list[str] = []


def pytest_configure() -> None:
    """Note what is started, by whomever; an audit cannot be ended."""
    sys.addaudithook(_note)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin a test, of which nothing has been started yet."""
    started.clear()


def is_of_unit(marks: set[str], path: Path) -> bool:
    """Whether make unit runs a test of these marks in this file."""
    return not MARKS & marks and not WHOLE & set(path.parts)


@pytest.fixture(autouse=True)
def _starts_nothing_unless_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if started and is_of_unit({mark.name for mark in request.node.iter_markers()}, request.path):
        pytest.fail(f"starts {started[0]}: mark it with one of {', '.join(sorted(MARKS))}")


def _note(event: str, arguments: tuple[object, ...], starts: Set[str] = STARTS) -> None:  # STARTS is gone at the end
    if event in starts and threading.current_thread() is threading.main_thread():  # others outlive their test
        started.append(str(arguments[0]) if arguments else event)
