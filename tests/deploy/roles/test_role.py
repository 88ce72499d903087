"""A role ends when it is asked to, also where something in it hangs."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.roles.role import Stop

FOR_EVER = 60.0
HANGS = """
from threading import Lock
from deploy.roles import latest_end, role
latest_end.END_SECONDS = 0.1
stop = role.Stop()
print("ready", flush=True)
stop.wait(60.0)
lock = Lock()
lock.acquire()
lock.acquire()
"""


@pytest.fixture
def hanging() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HANGS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_all_who_wait_are_woken_when_it_is_asked_to_stop(stop: Stop) -> None:
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(stop.wait, FOR_EVER) for _ in range(3)]
        stop.set()
        assert [one.result() for one in waiting] == [True, True, True]
    assert stop
    assert stop.wait(FOR_EVER)


def test_it_is_not_asked_to_stop_by_the_end_of_a_wait(stop: Stop) -> None:
    assert not stop.wait(0.001)
    assert not stop


@pytest.mark.process
def test_a_role_that_hangs_when_asked_to_end_is_ended_and_says_where_it_hung(hanging: subprocess.Popen[str]) -> None:
    assert hanging.stdout
    assert hanging.stdout.readline() == "ready\n"
    hanging.send_signal(signal.SIGTERM)
    _, told = hanging.communicate(timeout=FOR_EVER)
    assert hanging.returncode == 1
    assert 'File "<string>", line 10 in <module>' in told
