"""``pharos up`` from outside: it starts everything, keeps it alive, stops it, and continues where it was."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import psycopg
import pytest

from deploy import city_proposals
from deploy.city_proposals import Answers
from deploy.embedded import orphan_processes, ports
from deploy.embedded.broker import accepts
from deploy.embedded.credentials import DeviceCredentials
from deploy.settings import Address, load

pytestmark = [pytest.mark.integration, pytest.mark.acceptance, pytest.mark.timeout(1_200)]

PATIENCE_SECONDS = 300.0  # a busy machine takes minutes to start a stack


class Stack:
    """A running ``pharos up`` with what it printed so far."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.printed = ""
        command = [sys.executable, "-m", "deploy", "up", "--data", str(data), *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def prints(self, pattern: str) -> str:
        """Wait until ``pattern`` has been printed and return it."""
        self.until(lambda: bool(re.search(pattern, self.printed)) or self.process.poll() is not None, pattern)
        found = re.search(pattern, self.printed)
        assert found, f"ended without printing {pattern!r}: {self.printed}"
        return found[0]

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until ``condition`` holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"no {what} in {self.printed}"
            time.sleep(0.05)

    def ends(self) -> int:
        """Wait for its end and return its exit code."""
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def children(self) -> dict[int, str]:
        """Return the command lines of its children by process id."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent(entry) == self.process.pid:
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").strip()
        return found

    def child(self, ending: str) -> int:
        """Return the process id of the child whose command line contains ``ending``."""
        return next(pid for pid, command in self.children().items() if ending in command)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed += line


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


Start = Callable[..., Stack]


@contextmanager
def starting(data: Path) -> Iterator[Start]:
    """Yield what starts stacks on ``data``; whatever still runs is ended."""
    started = list[Stack]()

    def launch(*options: str) -> Stack:
        http, mqtt = ports.several(2)
        started.append(Stack(data, "--http", f"127.0.0.1:{http}", "--mqtt", f"127.0.0.1:{mqtt}", *options))
        return started[-1]

    yield launch
    for stack in started:
        if stack.process.poll() is None:
            stack.process.terminate()
        stack.ends()


@pytest.fixture
def start(open_folder: Path) -> Iterator[Start]:
    with starting(open_folder / "data") as launch:
        yield launch


@pytest.fixture(scope="module")
def running(module_open_folder: Path) -> Iterator[Stack]:
    """Return a stack with a city, which every test leaves running."""
    answers = Answers("vitoria", "Vitoria", "ES", "Europe/Madrid", "follower", None, ["buildings"])
    city = module_open_folder / "draft.yaml"
    city.write_text(city_proposals.text(answers))
    with starting(module_open_folder / "data") as launch:
        stack = launch("--durability", "always", "--city", str(city))
        stack.prints("Ctrl-C stops it")
        yield stack


def test_it_serves_with_the_durability_asked_for_and_keeps_its_token(running: Stack) -> None:
    running.prints("NATS server: a power cut loses no acknowledged message")
    console = running.prints(r"http://127\.0\.0\.1:\d+")
    token = running.prints(r"pharos_\S+")
    assert httpx.get(f"{console}/health", trust_env=False, timeout=120).status_code == 200
    assert (running.data / "console-token").read_text().strip() == token


def test_it_keeps_its_parts_alive(running: Stack) -> None:
    os.kill(running.child("deploy process"), signal.SIGKILL)
    running.prints(r"process ended by SIGKILL; starting it again")
    running.prints(r"process was started again")
    os.kill(running.child("nats-server"), signal.SIGKILL)
    running.prints(r"NATS server was started again")
    os.kill(running.child("postgres"), signal.SIGKILL)
    running.prints(r"PostgreSQL was started again")
    assert len(running.children()) >= 5


def test_it_stops_all_its_parts_and_continues_and_those_of_a_killed_one_end_too(start: Start) -> None:
    first = start()
    first.prints("Ctrl-C stops it")
    token = first.prints(r"pharos_\S+")
    with psycopg.connect(load(first.data).database()) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
    children = first.children()
    assert len(children) >= 5
    first.process.send_signal(signal.SIGINT)
    assert first.ends() == 0
    assert [pid for pid in children if orphan_processes.running(pid)] == []
    assert not (first.data / "pharos.env").exists()

    second = start()
    second.prints("Ctrl-C stops it")
    with psycopg.connect(load(second.data).database()) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("kept",)]
    assert token not in second.printed

    children = second.children()
    second.process.kill()
    second.until(lambda: not any(map(orphan_processes.running, children)), f"end of the children {children}")
    start().prints("Ctrl-C stops it")


def test_taken_ports_are_named_and_replaced_and_a_second_stack_is_refused(running: Stack) -> None:
    taken = load(running.data).http
    with starting(running.data) as launch:
        second = launch()
        assert second.ends() == 1
    assert (
        f"a Pharos already runs on {running.data} (process {running.process.pid}, console http://{taken})"
        in second.printed
    )
    other = Stack(running.data.with_name("other"), "--http", str(taken), "--mqtt", "127.0.0.1:1")
    replaced = other.prints(rf"port {taken.port} of 127\.0\.0\.1 is taken; using \d+ instead \(--http\)")
    assert str(taken.port) not in replaced.partition("using")[2]
    other.process.terminate()
    other.ends()


def test_a_device_is_let_in_while_it_runs(running: Stack) -> None:
    meter = "main-meter-school-north"
    running.prints(r"Cities +vitoria ")
    address = Address.parse(running.prints(r"mqtt://127\.0\.0\.1:\d+").removeprefix("mqtt://"))
    secret = DeviceCredentials(running.data / "devices.json").add("vitoria", meter)
    running.until(lambda: accepts(address, f"vitoria.{meter}", secret), "access of the device")
    DeviceCredentials(running.data / "devices.json").revoke("vitoria", meter)
    running.until(lambda: not accepts(address, f"vitoria.{meter}", secret), "end of the access")


def test_a_bad_city_file_stops_the_start_before_anything_runs(start: Start, tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text("name: 7\n")
    refused = start("--city", str(tmp_path / "city.yaml"))
    assert refused.ends() == 1
    assert "city.yaml" in refused.printed
    assert not refused.data.exists()
