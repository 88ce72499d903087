"""``pharos up`` from outside: it starts everything, keeps it alive, stops it, and continues where it was."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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

pytestmark = [pytest.mark.integration, pytest.mark.acceptance]

PATIENCE_SECONDS = 120.0


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


@pytest.fixture
def start(open_folder: Path) -> Iterator[Callable[..., Stack]]:
    data, started = open_folder / "data", list[Stack]()

    def launch(*options: str) -> Stack:
        http, mqtt = ports.several(2)
        started.append(Stack(data, "--http", f"127.0.0.1:{http}", "--mqtt", f"127.0.0.1:{mqtt}", *options))
        return started[-1]

    yield launch
    for stack in started:
        if stack.process.poll() is None:
            stack.process.terminate()
        stack.ends()


def test_it_serves_keeps_its_parts_alive_stops_them_all_and_continues(start: Callable[..., Stack]) -> None:
    first = start("--durability", "always")
    first.prints("NATS server: a power cut loses no acknowledged message")
    console = first.prints(r"http://127\.0\.0\.1:\d+")
    token = first.prints(r"pharos_\S+")
    first.prints("Ctrl-C stops it")
    assert httpx.get(f"{console}/health", trust_env=False, timeout=120).status_code == 200
    assert (first.data / "console-token").read_text().strip() == token

    os.kill(first.child("deploy process"), signal.SIGKILL)
    first.prints(r"process ended by SIGKILL; starting it again")
    first.prints(r"process was started again")
    os.kill(first.child("nats-server"), signal.SIGKILL)
    first.prints(r"NATS server was started again")

    database = load(first.data).database()
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
    os.kill(first.child("postgres"), signal.SIGKILL)
    first.prints(r"PostgreSQL was started again")

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


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_works(start: Callable[..., Stack]) -> None:
    first = start()
    first.prints("Ctrl-C stops it")
    children = first.children()
    first.process.kill()
    first.until(lambda: not any(map(orphan_processes.running, children)), f"end of the children {children}")
    start().prints("Ctrl-C stops it")


def test_taken_ports_are_named_and_replaced_and_a_second_stack_is_refused(start: Callable[..., Stack]) -> None:
    first = start()
    first.prints("Ctrl-C stops it")
    taken = load(first.data).http
    second = start()
    assert second.ends() == 1
    assert (
        f"a Pharos already runs on {first.data} (process {first.process.pid}, console http://{taken})" in second.printed
    )
    other = Stack(first.data.with_name(f"{first.data.name}-other"), "--http", str(taken), "--mqtt", "127.0.0.1:1")
    replaced = other.prints(rf"port {taken.port} of 127\.0\.0\.1 is taken; using \d+ instead \(--http\)")
    assert str(taken.port) not in replaced.partition("using")[2]
    other.process.terminate()
    other.ends()


def test_a_device_is_let_in_while_it_runs(start: Callable[..., Stack], tmp_path: Path) -> None:
    meter = "main-meter-school-north"
    answers = Answers("vitoria", "Vitoria", "ES", "Europe/Madrid", "follower", None, ["buildings"])
    (tmp_path / "draft.yaml").write_text(city_proposals.text(answers))
    stack = start("--city", str(tmp_path / "draft.yaml"))
    stack.prints("Ctrl-C stops it")
    stack.prints(r"Cities +vitoria ")
    address = Address.parse(stack.prints(r"mqtt://127\.0\.0\.1:\d+").removeprefix("mqtt://"))
    secret = DeviceCredentials(stack.data / "devices.json").add("vitoria", meter)
    stack.until(lambda: accepts(address, f"vitoria.{meter}", secret), "access of the device")
    DeviceCredentials(stack.data / "devices.json").revoke("vitoria", meter)
    stack.until(lambda: not accepts(address, f"vitoria.{meter}", secret), "end of the access")


def test_a_bad_city_file_stops_the_start_before_anything_runs(start: Callable[..., Stack], tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text("name: 7\n")
    refused = start("--city", str(tmp_path / "city.yaml"))
    assert refused.ends() == 1
    assert "city.yaml" in refused.printed
    assert not refused.data.exists()
