"""What tests of the way through Kafka need: the roles on either side of it as processes, and devices' messages."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded import ports
from ingest import bus
from ingest.model.observation import RawMessage
from ingest.sources.kafka.publisher import Publisher
from tests.towns import heat_meter, town

if TYPE_CHECKING:
    from tests.integration.conftest import Kafka

PATIENCE_SECONDS = 180.0
DEVICES = 24
REPORTED = ("heat_energy", "return_temperature")
CITY = town(*(heat_meter(*REPORTED, name=f"meter-{number}", every="PT5M") for number in range(DEVICES)))
START_MILLIS = 1_700_000_000_000
INTERVAL_MILLIS = 300_000
RECEIVED_AT = 1_795_262_400_000_000
AT_ONCE = 50
PAUSE_SECONDS = 0.1


@dataclass
class Role:
    """A role as a process of its own, with an internal listener."""

    command: str
    environment: dict[str, str]
    log: Path
    internal: str = field(default_factory=lambda: f"127.0.0.1:{ports.choose()}")

    def start(self) -> None:
        """Start it, again if need be."""
        arguments = [sys.executable, "-c", "from deploy.cli import main; main()", self.command]
        environment = {**os.environ, **self.environment, "PHAROS_INTERNAL": self.internal}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(arguments, env=environment, stderr=log)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and see that it does so cleanly."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.log.read_text()

    def causes(self) -> dict[str, str]:
        """Return why it is not ready."""
        try:
            causes: dict[str, str] = httpx.get(f"http://{self.internal}/ready", timeout=120).json()["causes"]
        except httpx.TransportError:
            return {"listener": "does not answer"}
        return causes

    def metrics(self) -> str:
        """Return what it tells Prometheus."""
        return httpx.get(f"http://{self.internal}/metrics", timeout=120).text


@dataclass
class Pipeline:
    """Kafka, the roles on either side of it, and what devices send."""

    kafka: "Kafka"  # of the conftest above
    folder: Path
    publisher: Publisher
    roles: list[Role] = field(default_factory=list)

    @property
    def city(self) -> Path:
        """The city file of the devices."""
        return self.folder / "harbour.yaml"

    def start(self, command: str, **settings: str) -> Role:
        """Start ``pharos COMMAND`` with the city, Kafka and further settings."""
        environment = {
            "PHAROS_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "PHAROS_CITIES": str(self.city),
            "PHAROS_DATA": str(self.folder / "data"),
        }
        self.roles.append(Role(command, environment | settings, self.folder / f"{command}-{len(self.roles)}.log"))
        self.roles[-1].start()
        return self.roles[-1]

    def messages(self, numbers: range) -> list[RawMessage]:
        """Return what devices send, two readings a message; a number says the same every time."""
        return [_message(number) for number in numbers]

    @contextmanager
    def under_load(self, numbers: range) -> Iterator[None]:
        """Publish messages meanwhile, some hundred a second; all are in Kafka on leaving."""
        leaving = Event()

        def publish() -> None:
            for first in range(numbers.start, numbers.stop, AT_ONCE):
                portion = range(first, min(first + AT_ONCE, numbers.stop))
                self.publisher.publish(bus.MQTT_TELEMETRY, self.messages(portion))
                leaving.wait(PAUSE_SECONDS)

        thread = Thread(target=publish)
        thread.start()
        yield
        leaving.set()
        thread.join()

    def produce(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        """Put one record on a topic as some other producer would, without our header."""
        asyncio.run(_produce(self.kafka.bootstrap, topic, key, value))

    def ask(self, url: str, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(url) as connection:
            return connection.execute(query.encode()).fetchall()

    def until(self, read: Callable[[], Any], expected: object) -> None:
        """Wait until a function, called again and again, returns what is expected."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := read()) != expected:
            assert time.monotonic() < deadline, f"found {found}, expected {expected}"
            time.sleep(0.1)

    def end(self) -> None:
        """End every role that still runs, cleanly where possible, so that its partitions are free."""
        for role in self.roles:
            role.process.terminate()
        for role in self.roles:
            with suppress(subprocess.TimeoutExpired):
                role.process.wait(20)
            role.kill()
        self.publisher.close()


def _message(number: int) -> RawMessage:
    device, turn = number % DEVICES, number // DEVICES
    values = {"heat_energy": float(number), "return_temperature": 40.0 + number % 7}
    payload = json.dumps({"time": START_MILLIS + INTERVAL_MILLIS * turn, "values": values}).encode()
    return RawMessage(f"pharos/v1/harbour/meter-{device}/telemetry", payload, RECEIVED_AT + number)


async def _produce(bootstrap: str, topic: str, key: bytes | None, value: bytes | None) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        await producer.send_and_wait(topic, value, key)


@pytest.fixture
def pipeline(kafka: "Kafka", tmp_path: Path) -> Iterator[Pipeline]:
    """Return Kafka without any of our topics, and what starts roles on either side of it."""
    publisher = Publisher(kafka.cluster, lambda _: None, Event().wait, lambda _: None)
    made = Pipeline(kafka, tmp_path, publisher)
    made.city.write_text(CITY)
    yield made
    made.end()
