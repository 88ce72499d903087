"""Which tests share a worker when several run, and which begin.

A file stays together, for the sake of its module's fixtures; what shares a server that is dear to start stays together,
too: Kafka's JVM, and TimescaleDB compiled to WASM.
"""

import os
import re
from pathlib import Path
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.embedded import ports
from tests.processes import MARKS
from tests.stores import TIMESCALEDB

KAFKA: Final = "tests/integration/kafka"
# What takes long, longest first, so that no worker is left alone with it when there is nothing else to do.
FIRST: Final = (TIMESCALEDB, KAFKA, "tests/acceptance", "tests/integration", "tests/deploy")
ALL_MARKED: Final = re.compile(rf"^pytestmark = \[?pytest\.mark\.({'|'.join(sorted(MARKS))})\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread, for make unit, files of which no test is one: to import them is most of what collecting takes."""
    is_unit = config.getoption("hypothesis_profile") == "unit"
    return (
        is_unit and collection_path.suffix == ".py" and bool(ALL_MARKED.search(collection_path.read_text()))
    ) or None


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
    told: dict[str, object] = getattr(config, "workerinput", {})
    if told:
        number, count = int(str(told["workerid"]).removeprefix("gw")), int(str(told["workercount"]))
        ports.OURS = ports.OURS[number * len(ports.OURS) // count : (number + 1) * len(ports.OURS) // count]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return what gives every worker one unit after the other, in the order of the tests."""
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
