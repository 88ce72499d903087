"""Which tests share a worker when several run, and which begin.

A file stays together, for the sake of its module's fixtures; what shares a server that is dear to start stays together,
too: Kafka's JVM, and TimescaleDB compiled to WASM. For make unit each worker reads a part of the files only and runs
what it finds there: to import all of them takes as long as to run their tests.
"""

import os
import re
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import EachScheduling, LoadScopeScheduling

from deploy.embedded import ports
from tests.processes import MARKS, WHOLE
from tests.stores import TIMESCALEDB

TESTS: Final = Path(__file__).parent
ALL: Final = 1_000_000
KAFKA: Final = "tests/integration/kafka"
# What takes long, longest first, so that no worker is left alone with it when there is nothing else to do.
FIRST: Final = (TIMESCALEDB, KAFKA, "tests/acceptance", "tests/integration", "tests/deploy")
ALL_MARKED: Final = re.compile(rf"^pytestmark = \[?pytest\.mark\.({'|'.join(sorted(MARKS))})\b".encode(), re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread, for make unit, files of other workers, and files of which no test is one of make unit."""
    if not is_unit(config) or not collection_path.match("test_*.py"):
        return None
    number, count = place(config)
    share = shares(TESTS).get(collection_path)
    return share is None or share * count // ALL != number or None


def is_unit(config: pytest.Config) -> bool:
    """Whether this is make unit."""
    return bool(config.getoption("hypothesis_profile") == "unit")


def place(config: pytest.Config) -> tuple[int, int]:
    """Return which of how many workers this is, counted from 0."""
    told: dict[str, object] = getattr(config, "workerinput", {})
    return (int(str(told["workerid"]).removeprefix("gw")), int(str(told["workercount"]))) if told else (0, 1)


@cache
def shares(folder: Path) -> dict[Path, int]:
    """Return the files that make unit reads, with what share of their stage's, of ``ALL``, stands before each of them.

    Neighbours import the same, so that each worker reads a stretch of them: one of each stage, since what tests of
    different stages cost is unlike.
    """
    found: dict[Path, int] = {}
    for stage in sorted(set(folder.iterdir()) - {folder / name for name in WHOLE}):
        texts = {path: path.read_bytes() for path in sorted(stage.rglob("test_*.py"))}
        sizes = {path: len(text) for path, text in texts.items() if not ALL_MARKED.search(text)}
        before = accumulate(sizes.values(), initial=0)
        found |= {path: ALL * size // sum(sizes.values()) for path, size in zip(sizes, before, strict=False)}
    return found


def unit(nodeid: str) -> str:
    """Return what a test belongs to that must be run by one worker."""
    path = nodeid.partition("::")[0]
    if TIMESCALEDB in nodeid or path.startswith("tests/integration/timescale"):
        return TIMESCALEDB
    return KAFKA if path.startswith(KAFKA) else path


def rank(nodeid: str) -> int:
    """Return when to begin with a test, among ``FIRST``."""
    return next((turn for turn, start in enumerate(FIRST) if unit(nodeid).startswith(start)), len(FIRST))


def pytest_configure(config: pytest.Config) -> None:
    """Give each of several workers ports of its own: what one finds free, no other takes before a server has it."""
    number, count = place(config)
    ports.OURS = ports.OURS[number * len(ports.OURS) // count : (number + 1) * len(ports.OURS) // count]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | EachScheduling:
    """Return what gives every worker one unit after the other, in the order of the tests; for make unit, its own."""
    if is_unit(config):
        return EachScheduling(config, log)
    config.option.loadscopereorder = False  # the number of tests tells nothing about how long they take
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = unit  # the place that xdist documents for this
    return scheduler


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores, since tests wait for servers and processes of theirs."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long where several workers share the tests; otherwise the random order stays."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: rank(item.nodeid))
