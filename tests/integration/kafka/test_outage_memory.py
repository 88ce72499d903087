"""What roles hold in memory while the database is away and devices go on; afterwards what was sent is what is stored.

PHAROS_TEST_OUTAGE_SECONDS=3600 is the run that judges: nothing may have grown from its tenth minute to its sixtieth.
Shorter ones show that everything drains.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as paho
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded.postgres import Postgres
from ingest.sources.mqtt.endpoint import Endpoint
from processors.storage.schema.migrate import migrate

if TYPE_CHECKING:
    from tests.conftest import RunningBroker
    from tests.integration.kafka.conftest import Pipeline

OUTAGE_SECONDS = float(os.environ.get("PHAROS_TEST_OUTAGE_SECONDS", "6"))
HOUR_SECONDS = 3600
SAMPLES = 60
EARLY = SAMPLES // 6
GROWTH = 1.05
MESSAGES_PER_SECOND = 200
READINGS_PER_MESSAGE = 2
DRAIN_SECONDS = 180 + OUTAGE_SECONDS
STORED = """
    select count(*), coalesce(sum(value) filter (where quantity = 'heat_energy'), 0)
    from reading join series using (series_id)
"""

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600 + 3 * OUTAGE_SECONDS)]


class Load:
    """Devices that send at a steady rate; counts what it sent and what the broker has."""

    def __init__(self, pipeline: "Pipeline", url: str) -> None:
        self.sent = self.acknowledged = 0
        self._pipeline = pipeline
        self._leaving = Event()
        self._thread = Thread(target=self._publish)
        endpoint = Endpoint.parse(url)
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(endpoint.user, endpoint.password)
        self._client.max_inflight_messages_set(1000)
        self._client.on_publish = self._count
        self._client.connect(endpoint.host, endpoint.port)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send until leaving; everything is with the broker then."""
        self._client.loop_start()
        self._thread.start()
        yield
        self._leaving.set()
        self._thread.join()
        _until(lambda: self.acknowledged, self.sent)
        self._client.disconnect()
        self._client.loop_stop()

    def _publish(self) -> None:
        began = time.monotonic()
        while not self._leaving.wait(0.1):
            due = int((time.monotonic() - began) * MESSAGES_PER_SECOND)
            for message in self._pipeline.messages(range(self.sent, due)):
                self._client.publish(message.topic, message.payload, qos=1)
            self.sent = due

    def _count(self, *_: object) -> None:
        self.acknowledged += 1


def test_roles_hold_no_more_at_the_end_of_an_outage_than_early_in_it_and_then_store_what_was_sent(
    pipeline: "Pipeline",
    broker: "RunningBroker",
    own_postgres: Postgres,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    urls = [_database(own_postgres, name) for name in ("direct", "through_kafka")]
    direct = {"PHAROS_DATABASE_URL": urls[0], "PHAROS_KAFKA_BOOTSTRAP": "", "PHAROS_DATA": str(tmp_path / "direct")}
    roles = {
        "ingest": pipeline.start("ingest", PHAROS_MQTT_URL=broker.url, **direct),
        "process": pipeline.start("process", **direct),
        "ingest to Kafka": pipeline.start("ingest", PHAROS_MQTT_URL=broker.url),
        "process from Kafka": pipeline.start("process", PHAROS_DATABASE_URL=urls[1]),
    }
    for role in roles.values():
        _until(role.causes, {})
    load = Load(pipeline, broker.simulator_url)
    with load.running():
        _until(lambda: all(_stored(url)[0] > 0 for url in urls), expected=True)
        own_postgres.stop()
        with capsys.disabled():
            held = list(_samples(roles))
        own_postgres.start()
    expected = (READINGS_PER_MESSAGE * load.sent, float(sum(range(load.sent))))
    for url in urls:
        _until(partial(_stored, url), expected)
    with capsys.disabled():
        sys.stdout.write(f"drained, {load.sent} messages: {_row(_resident(roles))}\n")
    for role in roles.values():
        role.stop()
    growth = {name: held[-1][name] / held[EARLY - 1][name] for name in roles}
    with capsys.disabled():
        sys.stdout.write(f"grown from sample {EARLY} to {SAMPLES}: {growth}\n")
    if OUTAGE_SECONDS >= HOUR_SECONDS:
        assert max(growth.values()) <= GROWTH


def _database(server: Postgres, name: str) -> str:
    server.create_database(name)
    migrate(server.url(name))
    return server.url(name)


def _samples(roles: dict[str, Any]) -> Iterator[dict[str, float]]:
    """Yield what each role holds, at equal steps through the outage."""
    sys.stdout.write(f"\nMiB resident, every {OUTAGE_SECONDS / SAMPLES:g} s without a database\n")
    began = time.monotonic()
    for number in range(1, SAMPLES + 1):
        time.sleep(max(0.0, began + number * OUTAGE_SECONDS / SAMPLES - time.monotonic()))
        resident = _resident(roles)
        sys.stdout.write(f"{number:3} load {os.getloadavg()[0]:5.1f}  {_row(resident)}\n")
        sys.stdout.flush()
        yield resident


def _resident(roles: dict[str, Any]) -> dict[str, float]:
    pages = {name: int(Path(f"/proc/{role.process.pid}/statm").read_text().split()[1]) for name, role in roles.items()}
    return {name: count * os.sysconf("SC_PAGE_SIZE") / 2**20 for name, count in pages.items()}


def _row(resident: dict[str, float]) -> str:
    return "  ".join(f"{name} {held:.1f}" for name, held in resident.items())


def _stored(url: str) -> tuple[Any, ...]:
    with psycopg.connect(url) as connection:
        found = connection.execute(STORED.encode()).fetchone()
    assert found
    return found


def _until(read: Callable[[], Any], expected: object) -> None:
    deadline = time.monotonic() + DRAIN_SECONDS
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"found {found}, expected {expected}"
        time.sleep(0.5)
