"""Tests share nothing: what one changes of its process or leaves on its server is noticed, and no name is fixed."""

import locale
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from psycopg import sql

from tests import processes
from tests.distribution import ALL, shares
from tests.isolation import changed, surroundings
from tests.stores import POSTGRESQL, Stores, left_on

SOURCES = [path for path in sorted(Path(__file__).parents[1].rglob("*.py")) if path != Path(__file__)]
FOLDER_BY_NAME = re.compile(r"numbered=False|[\"']/(?:var/)?tmp\b|gettempdir|tempfile\.\w+\((?!prefix=)")
PORT_BY_NUMBER = re.compile(r"(?:create_server|bind)\(\(?[^()]*, [1-9]\d*\)")


def _handle_no_signal() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)


def _log_more() -> None:
    logging.getLogger().setLevel(logging.DEBUG)


def _be_a_role() -> None:
    structlog.contextvars.bind_contextvars(role="ingest")


def _speak_c() -> None:
    locale.setlocale(locale.LC_ALL, "C.UTF-8" if locale.setlocale(locale.LC_ALL) == "C" else "C")


def _move_to_the_islands() -> None:
    os.environ["TZ"] = "Pacific/Honolulu"
    time.tzset()


@pytest.fixture
def _put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("TZ")
    spoken, level, handler = locale.setlocale(locale.LC_ALL), logging.root.level, signal.getsignal(signal.SIGUSR1)
    yield
    locale.setlocale(locale.LC_ALL, spoken)
    logging.root.setLevel(level)
    signal.signal(signal.SIGUSR1, handler)
    structlog.contextvars.clear_contextvars()
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_put_back")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda: os.environ.update(TZ="Europe/Copenhagen"), ["the environment"]),
        (lambda: os.chdir("/"), ["the working folder"]),
        (_handle_no_signal, ["the handlers of signals"]),
        (_log_more, ["the log"]),
        (_be_a_role, ["structlog"]),
        (_speak_c, ["the locale"]),
        (_move_to_the_islands, ["the environment", "the time zone"]),
    ],
)
def test_what_a_test_changes_of_its_process_is_noticed(change: Callable[[], None], named: list[str]) -> None:
    before = surroundings()
    assert changed(before) == []
    change()
    assert changed(before) == named


@pytest.mark.integration
def test_what_a_test_leaves_on_the_server_of_its_worker_is_noticed(stores: Stores) -> None:
    url, role = stores[POSTGRESQL].url, f"test_{uuid4().hex}"
    before = left_on(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
        left = left_on(url) - before
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
    assert role in left
    assert role not in left_on(url)


def test_no_test_puts_its_files_under_a_name_that_another_may_use() -> None:
    assert [(path.name, found) for path in SOURCES for found in FOLDER_BY_NAME.findall(path.read_text())] == []


def test_no_test_listens_on_a_port_of_its_own_choice() -> None:
    assert [(path.name, found) for path in SOURCES for found in PORT_BY_NUMBER.findall(path.read_text())] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (FOLDER_BY_NAME, 'tmp_path_factory.mktemp("outage", numbered=False)'),
        (FOLDER_BY_NAME, 'Path("/tmp/outage").mkdir()'),
        (FOLDER_BY_NAME, "tempfile.mkdtemp()"),
        (PORT_BY_NUMBER, 'socket.create_server(("127.0.0.1", 8080))'),
        (PORT_BY_NUMBER, 'listener.bind(("127.0.0.1", 1883))'),
    ],
)
def test_such_a_line_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.process
def test_a_process_that_a_test_starts_is_noticed() -> None:
    subprocess.run([sys.executable, "--version"], check=True, capture_output=True)
    assert processes.started == [sys.executable]


def test_what_has_no_mark_and_is_not_of_the_whole_product_is_of_make_unit() -> None:
    assert processes.is_of_unit({"parametrize"}, Path("tests/deploy/test_settings.py"))
    assert not processes.is_of_unit({"parametrize", "process"}, Path("tests/deploy/test_settings.py"))
    assert not processes.is_of_unit(set(), Path("tests/architecture/test_settings.py"))


def test_each_file_that_make_unit_reads_is_read_by_one_worker(tmp_path: Path) -> None:
    (tmp_path / "ingest").mkdir()
    (tmp_path / "integration").mkdir()
    for name in ("test_a.py", "test_b.py", "test_c.py", "test_d.py", "conftest.py"):
        (tmp_path / "ingest" / name).write_text("def test_it() -> None:\n    assert True\n")
    (tmp_path / "ingest" / "test_long.py").write_text("pytestmark = pytest.mark.long\n")
    (tmp_path / "integration" / "test_whole.py").write_text("")
    found = {path.name: share * 2 // ALL for path, share in shares(tmp_path).items()}
    assert found == {"test_a.py": 0, "test_b.py": 0, "test_c.py": 1, "test_d.py": 1}
