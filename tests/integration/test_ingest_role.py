"""``pharos ingest`` as a process: what was acknowledged to a device is stored once, whatever dies in between."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as paho
import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from ingest.model.city.city_file import parse
from processors.storage.database import connect
from processors.storage.registry import registry
from processors.storage.schema.migrate import migrate
from tests.mqtt_client import connected
from tests.towns import heat_meter, sending, town

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0
CITY = town(heat_meter())
ROOT = "pharos/v1/harbour/meter"
START_MILLIS = 1_700_000_000_000  # 14 November 2023, in the evening
DAY_MILLIS = 86_400_000


class Ingest:
    """A running ``pharos ingest``."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        """Start it, again if need be."""
        command = [sys.executable, "-c", "from deploy.cli import main; main()", "ingest"]
        self.process = subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> str:
        """Ask it to end; returns what it logged."""
        self.process.terminate()
        _, log = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert self.process.returncode == 0, log.decode()
        return log.decode()


@pytest.fixture
def start(tmp_path: Path, broker: "RunningBroker", database_url: str) -> Iterator[Callable[..., Ingest]]:
    (tmp_path / "harbour.yaml").write_text(CITY)
    running: list[Ingest] = []

    def start_ingest(**settings: str) -> Ingest:
        environment = {
            "PHAROS_DATABASE_URL": database_url,
            "PHAROS_MQTT_URL": broker.url,
            "PHAROS_FEEDBACK_URL": broker.announcer_url,
            "PHAROS_CITIES": str(tmp_path / "harbour.yaml"),
            "PHAROS_DATA": str(tmp_path / "data"),
        }
        running.append(Ingest(environment | settings))
        return running[-1]

    yield start_ingest
    for ingest in running:
        ingest.kill()


@contextmanager
def _device(broker: "RunningBroker", database_url: str) -> Iterator[paho.Client]:
    """Yield a device that is online, to an ingest that is known to listen."""
    with connected(broker.device_url("harbour", "meter")) as client:
        client.publish(f"{ROOT}/status", b"online", qos=1, retain=True)
        _subscribed(database_url, client)
        yield client


def _send(device: paho.Client, numbers: range) -> None:
    """Publish readings and wait until the broker has acknowledged them."""
    infos = [device.publish(f"{ROOT}/telemetry", _payload(number), qos=1) for number in numbers]
    for info in infos:
        info.wait_for_publish(PATIENCE_SECONDS)


def _payload(number: int) -> bytes:
    return json.dumps({"time": START_MILLIS + number, "values": {"heat_energy": number}}).encode()


def _volume(number: int, later: int = 0) -> bytes:
    return json.dumps({"time": START_MILLIS + number + later, "values": {"volume": 7}}).encode()


def _query(url: str, query: str) -> tuple[Any, ...] | None:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchone()


def _until(url: str, query: str, *expected: object) -> None:
    """Wait until a query answers what is expected."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (answer := _query(url, query)) != expected:
        assert time.monotonic() < until, answer
        time.sleep(0.05)


STORED = "select count(*), coalesce(sum(value), 0) from reading"
BALANCE = """
    select sum(received) = sum(stored + duplicate + conflict + quarantined),
           sum(stored) = (select count(*) from reading)
    from ledger
"""


def _subscribed(url: str, device: paho.Client) -> None:
    """Wait until ingest has had its session made: what is published before that is nobody's, retained or not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while _query(url, "select count(*) from device_status") != (1,):
        assert time.monotonic() < until, "no status was kept"
        device.publish(f"{ROOT}/status", b"online", qos=1, retain=True)
        time.sleep(0.2)


def test_readings_are_stored_statuses_kept_and_the_device_answered(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest, answers = start(), list[Any]()
    with _device(broker, database_url) as device:
        device.on_message = lambda client, userdata, message: answers.append(json.loads(message.payload))
        device.subscribe(f"{ROOT}/feedback", qos=1)
        _send(device, range(100))
        _until(database_url, STORED, 100, 4950.0)
        device.publish(f"{ROOT}/telemetry", b"rubbish", qos=1)
        _until(database_url, "select reason, readings from quarantine", "undecodable", 1)
        until = time.monotonic() + PATIENCE_SECONDS
        while not answers and time.monotonic() < until:
            time.sleep(0.05)
    assert answers[0]["accepted"] > 0
    assert _query(database_url, "select online from device_status") == (True,)
    assert _query(database_url, BALANCE) == (True, True)
    assert "subscribed" in ingest.stop()


def _bad(number: int) -> bytes:
    """Return a message of which nothing can be stored, each in words of its own."""
    value: object = ["n" * 4_000, True, {}, 10**400][number % 4]
    whole = json.dumps({"time": START_MILLIS + number, "values": {"heat_energy": value}}).encode()
    return (whole, b"\xff%d" % number, whole[:-1])[number % 3]


def _resident(process: "subprocess.Popen[bytes]") -> int:
    """Return how many KiB of memory a process has."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory of a process is read from /proc")
def test_five_thousand_bad_messages_are_kept_or_counted_and_good_ones_behind_them_stored_in_the_same_memory(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest = start(PHAROS_QUARANTINE_MESSAGES="500")
    with _device(broker, database_url) as device:
        held = []
        for first in (0, 2_500):
            for info in [device.publish(f"{ROOT}/telemetry", _bad(first + n), qos=1) for n in range(2_500)]:
                info.wait_for_publish(PATIENCE_SECONDS)
            _send(device, range(first, first + 5))
            _until(database_url, "select count(*) from reading", 5 if first == 0 else 10)
            held.append(_resident(ingest.process))
        _until(database_url, "select sum(received) = sum(stored + quarantined) and sum(stored) = 10 from ledger", True)
        kept = "select count(payload) <= 500, sum(occurrences) from quarantine"
        _until(database_url, kept, True, 5_000)
    assert held[1] - held[0] < 32 * 1024, held
    assert _query(database_url, BALANCE) == (True, True)
    ingest.stop()


def test_a_city_file_that_is_applied_meanwhile_is_served_without_a_restart_or_a_loss(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest, sent = start(), 0
    with _device(broker, database_url) as device:
        units = [{"unit": "m3", "valid_to": "2023-11-15"}, {"unit": "l", "valid_from": "2023-11-15"}]
        larger = town(heat_meter("heat_energy", sending("volume", unit=units)))
        with connect(database_url, "test") as connection:
            registry.sync(connection, [parse(larger, "harbour.yaml")])
        until = time.monotonic() + PATIENCE_SECONDS
        while _query(database_url, STORED) == (0, 0.0):
            assert time.monotonic() < until
            device.publish(f"{ROOT}/telemetry", _volume(sent), qos=1).wait_for_publish(PATIENCE_SECONDS)
            sent += 1
        device.publish(f"{ROOT}/telemetry", _volume(sent, later=DAY_MILLIS), qos=1).wait_for_publish(PATIENCE_SECONDS)
        _until(database_url, "select sum(received) from ledger", sent + 1)
    assert _query(database_url, "select max(value), min(value) from reading") == (7.0, pytest.approx(0.007))
    assert _query(database_url, BALANCE) == (True, True)
    assert "registered anew" in ingest.stop()


def test_kill_9_while_storing_loses_nothing(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest = start()
    with _device(broker, database_url) as device:
        with psycopg.connect(database_url) as blocker:
            blocker.execute("lock table ledger in access exclusive mode")
            _send(device, range(50))
            waiting = """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event = 'relation' and query like '%ledger%'
            """
            _until(database_url, waiting, 1)
            ingest.kill()
        ingest.start()
        _send(device, range(50, 100))
        _until(database_url, STORED, 100, 4950.0)
    assert _query(database_url, BALANCE) == (True, True)
    ingest.stop()


def test_a_database_that_is_stopped_and_started_under_load_costs_nothing(
    start: Callable[..., Ingest], broker: "RunningBroker", own_postgres: Postgres
) -> None:
    url = own_postgres.url()
    migrate(url)
    ingest = start(PHAROS_DATABASE_URL=url)
    with _device(broker, url) as device:
        _send(device, range(200))
        own_postgres.stop()
        _send(device, range(200, 400))
        own_postgres.start()
        _send(device, range(400, 600))
        _until(url, STORED, 600, 179_700.0)
    assert _query(url, BALANCE) == (True, True)
    assert "unacknowledged messages wait" in ingest.stop()


def test_asked_to_stop_while_the_database_is_away_it_stops(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest = start()
    with _device(broker, database_url) as device, psycopg.connect(database_url) as other:
        other.execute("alter table ledger rename to elsewhere")
        other.commit()
        _send(device, range(1))
        time.sleep(0.5)
    assert "the broker keeps what was not acknowledged" in ingest.stop()


def test_a_city_given_twice_is_refused_by_file(start: Callable[..., Ingest], tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(CITY)
    cities = os.pathsep.join(str(tmp_path / name) for name in ("harbour.yaml", "again.yaml"))
    ingest = start(PHAROS_CITIES=cities)
    _, log = ingest.process.communicate(timeout=PATIENCE_SECONDS)
    assert ingest.process.returncode == 1
    assert "again.yaml: name: the city 'harbour' is in 2 files" in log.decode()


@pytest.fixture
def _impatient(configure_broker: Callable[[str, str], None]) -> None:
    """Let the broker wait 2 s for a subscriber that reads nothing, and no longer."""
    configure_broker('write_deadline: "60s"', 'write_deadline: "2s"')


@pytest.mark.usefixtures("_impatient")
def test_a_backlog_that_cannot_be_stored_for_longer_than_the_broker_waits_comes_through(
    start: Callable[..., Ingest], broker: "RunningBroker", database_url: str
) -> None:
    ingest, messages, each = start(), 40, 500
    with _device(broker, database_url) as device:
        with psycopg.connect(database_url) as blocker:
            blocker.execute("lock table ledger in access exclusive mode")
            for message in range(messages):
                day = [json.loads(_payload(message * each + number)) for number in range(each)]
                device.publish(f"{ROOT}/telemetry", json.dumps(day).encode(), qos=1)
            waiting = "select count(*) from pg_stat_activity where wait_event = 'relation' and query like '%ledger%'"
            _until(database_url, waiting, 1)
            time.sleep(5)  # longer than the broker waits for who does not read
        _send(device, range(messages * each, messages * each + 1))
        _until(database_url, "select count(*) from reading", messages * each + 1)
    assert _query(database_url, BALANCE) == (True, True)
    ingest.stop()
