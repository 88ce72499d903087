"""Others at the same work in the same run: a bare reference of ours, and Telegraf where it is installed.

Each reads the load from a Mosquitto of its own, without passwords, and stores it in the database of the stack, whose
roles have nothing to do meanwhile. Where Mosquitto is not installed there are no peers.
"""

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import mosquitto, ports
from deploy.embedded.process import cpu_seconds, end
from deploy.errors import BrokerError, DeployError
from deploy.settings import Address
from processors.storage.database import Connection
from processors.storage.statements import statements
from simulators.load import QUANTITIES, Load
from simulators.load_generator import LoadGenerator

SQL: Final = statements(__name__)

AHEAD_MESSAGES: Final = 40_000  # what is stored is known a second late
STARTING_SECONDS: Final = 120.0
SUBSCRIPTIONS: Final = "$SYS/broker/subscriptions/count"
LOOK_SECONDS: Final = 0.1
COUNTED: Final = {"reference": SQL["count_reference"], "telegraf": SQL["count_telegraf"]}

CONFIGURATION: Final = """\
listener {port} 127.0.0.1
allow_anonymous true
max_inflight_messages 8000
max_queued_messages 0
set_tcp_nodelay true
sys_interval 1
"""

TELEGRAF: Final = """\
[agent]
  interval = "1s"
  flush_interval = "100ms"
  metric_batch_size = 5000
  metric_buffer_limit = 200000
  omit_hostname = true
[[inputs.mqtt_consumer]]
  servers = ["tcp://127.0.0.1:{port}"]
  topics = ["pharos/v1/+/+/telemetry"]
  qos = 1
  max_undelivered_messages = 20000
  topic_tag = "topic"
  data_format = "json_v2"
  [[inputs.mqtt_consumer.json_v2]]
    measurement_name = "telegraf"
    timestamp_path = "time"
    timestamp_format = "unix_ms"
    [[inputs.mqtt_consumer.json_v2.object]]
      path = "values"
[[outputs.postgresql]]
  connection = "{url}"
"""


@dataclass(frozen=True)
class Peer:
    """Messages a second from publish to committed, and microseconds of its own processor's time a message."""

    messages_per_second: float
    microseconds: float


def peers(database_url: str, connection: Connection, load: Load, messages: int) -> Mapping[str, Peer]:
    """Return what each peer that is here makes of so many messages of a load; the order is that of measuring."""
    try:
        broker = mosquitto.program()
    except BrokerError:
        return {}
    with TemporaryDirectory() as folder:
        found = {}
        for name, rows, command in _commands(Path(folder), database_url):
            port = ports.choose()
            (Path(folder) / "mosquitto.conf").write_text(CONFIGURATION.format(port=port))
            with _run([str(broker), "-c", f"{folder}/mosquitto.conf"]):
                _until(partial(ports.answers, Address("127.0.0.1", port)), STARTING_SECONDS)
                given = [part.format(port=port) for part in command]
                (Path(folder) / "telegraf.conf").write_text(TELEGRAF.format(port=port, url=database_url))
                with _run(given) as process:
                    _await_subscriber(port, process)
                    generator = LoadGenerator(f"mqtt://127.0.0.1:{port}", load, messages, window=8_000)
                    found[name] = _measured(process, generator, _Stored(connection, name, rows), messages)
        return found


def _commands(folder: Path, url: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield the table, the rows of a message, and the command of each peer."""
    yield "reference", len(QUANTITIES), [sys.executable, "-m", "deploy.bench.reference", "{port}", url]
    if program := shutil.which("telegraf"):
        yield "telegraf", 1, [program, "--config", f"{folder}/telegraf.conf"]


@dataclass
class _Stored:
    """The messages in a table with so many rows each."""

    connection: Connection
    table: str
    rows: int

    def about(self) -> int:
        """Return how many there were a second ago."""
        (found,) = self.connection.execute(SQL["inserted"], {"table": self.table}).fetchone() or (0,)
        return int(found) // self.rows

    def exactly(self) -> int:
        """Return how many there are."""
        (found,) = self.connection.execute(COUNTED[self.table]).fetchone() or (0,)
        return int(found) // self.rows


def _measured(process: Popen[bytes], generator: LoadGenerator, stored: _Stored, messages: int) -> Peer:
    spent = cpu_seconds(process.pid) or 0.0
    about = [0]
    publisher = Thread(
        target=generator.publish, args=(lambda: process.poll() is not None, lambda: about[0] + AHEAD_MESSAGES)
    )
    began = time.perf_counter()
    publisher.start()

    def is_stored() -> bool:
        about[0] = stored.about()
        return not publisher.is_alive() and stored.exactly() >= messages

    _until(is_stored, max(120.0, messages / 500))
    seconds = time.perf_counter() - began
    publisher.join()
    return Peer(messages / seconds, ((cpu_seconds(process.pid) or spent) - spent) / messages * 1e6)


def _await_subscriber(port: int, peer: Popen[bytes]) -> None:
    """Return once a peer has subscribed at the broker, where we are the other who has; raises DeployError."""
    counts = [0]
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: counts.append(int(message.payload))
    client.connect("127.0.0.1", port)
    client.subscribe(SUBSCRIPTIONS)
    client.loop_start()
    try:
        _until(lambda: counts[-1] > 1 or peer.poll() is not None, STARTING_SECONDS)
    finally:
        client.disconnect()
        client.loop_stop()
    if peer.poll() is not None:
        raise DeployError(f"{peer.args!r} ended before it subscribed, with exit code {peer.returncode}")


def _until(reached: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise DeployError(f"a peer of the measurement did not get done within {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)


@contextmanager
def _run(command: list[str]) -> Iterator[Popen[bytes]]:
    process = Popen(command, stdout=DEVNULL, stderr=DEVNULL)  # noqa: S603 - our own programs and arguments, no shell
    try:
        yield process
    finally:
        end(process)
