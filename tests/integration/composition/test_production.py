"""The deployment as a whole: from a device over TLS to a figure over HTTP, by processes that know what compose says."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import paho.mqtt.client as paho
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from paho.mqtt.enums import CallbackAPIVersion

from ingest.bus import MQTT_TELEMETRY, TOPICS
from ingest.model.observation import RawMessage
from ingest.sources.kafka.cluster import Cluster, Security
from ingest.sources.kafka.topics import ensure
from processors.storage.schema.migrate import migrate
from tests import embedded_run
from tests.composition import DATABASE, Composition
from tests.stores import NATIVE_URL
from tests.towns import heat_meter, town

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

CITY = town(
    heat_meter(name="meter-1", site="house-1", carrier="heat", direction="consumption"),
    heat_meter(name="meter-2", site="house-2", carrier="heat", direction="consumption"),
)
FIRST = datetime(2025, 3, 1, tzinfo=UTC)
LOAD = range(2000, 3200)  # hours, a reading each
EARLY = range(60)
LATE = range(60, 300)
FORGED = range(400, 410)
LONG_AGO = range(1000, 1500)
OUTAGE_SECONDS = float(os.environ.get("PHAROS_TEST_OUTAGE_SECONDS", "5"))
STORED = "select count(*) from reading"
OF_DEVICE = """
    select count(*), coalesce(sum(value), 0)
    from reading join series using (series_id) join device using (device_id)
    where device.name = '{}' and value between {} and {}
"""
READINGS = """
    select device.name, time, value
    from reading join series using (series_id) join device using (device_id) order by time, series_id
"""
MARKS = "select (select count(*) from observation_mark), (select count(*) from rollup_mark)"
COMPRESSED = """
    with done as (select compress_chunk(chunk, if_not_compressed => true) from show_chunks('observation') as chunk)
    select count(*) > 1 from done
"""
BALANCE = """
    select sum(received) = sum(stored + duplicate + conflict + quarantined),
           sum(stored) = (select count(*) from reading)
    from ledger
"""


@contextmanager
def _device(composition: Composition, user: str, secret: str) -> Iterator[tuple[paho.Client, list[Any]]]:
    """Connect as a device does, with the authority's certificate; yields the client and what it received."""
    client, received = paho.Client(CallbackAPIVersion.VERSION2), list[Any]()
    client.username_pw_set(user, secret)
    client.tls_set(str(composition.deployment.root / "tls" / "ca.crt"))
    client.max_inflight_messages_set(500)
    client.on_message = lambda client, userdata, message: received.append((message.topic, message.payload))
    host, _, port = composition.places["mosquitto:8883"].rpartition(":")
    client.connect(host, int(port))
    client.loop_start()
    composition.until(client.is_connected, expected=True)  # refused until Mosquitto knows a device just added
    yield client, received
    client.disconnect()
    client.loop_stop()


def _reading(hours: int, energy: float) -> bytes:
    return _payload(FIRST + timedelta(hours=hours), energy)


def _payload(at: datetime, energy: float) -> bytes:
    return json.dumps({"time": at.isoformat(), "values": {"heat_energy": energy}}).encode()


def _publish(client: paho.Client, device: str, hours: range) -> None:
    topic = f"pharos/v1/harbour/{device}/telemetry"
    for info in [client.publish(topic, _reading(hour, float(hour)), qos=1) for hour in hours]:
        info.wait_for_publish(60)


@pytest.fixture(scope="module")
def running(composed: Composition) -> Composition:
    """Return the deployment with every role of it, as many processors as compose starts, and two devices."""
    cities = composed.deployment.root / "cities"
    (cities / "harbour.yaml").write_text(CITY)
    roles = [composed.start("ingest"), composed.start("kpi"), composed.start("api")]
    roles += [composed.start("process", number, PHAROS_CITIES=str(cities / "harbour.yaml")) for number in (1, 2)]
    composed.until_ready(*roles)
    return composed


@pytest.fixture(scope="module")
def secrets(running: Composition) -> dict[str, str]:
    """Return the secrets of the devices, issued by the tool of the deployment."""
    issued = {}
    for device in ("meter-1", "meter-2"):
        printed = running.run("admin", "device", "add", "harbour", device, "--json")
        issued[device] = json.loads(printed)["secret"]
    running.until(running.mosquitto_is_healthy, expected=True)
    return issued


def _store(running: Composition, secrets: dict[str, str], device: str, hours: range) -> None:
    """Have readings of a device stored, which changes nothing where they are."""
    with _device(running, f"harbour.{device}", secrets[device]) as (client, _):
        _publish(client, device, hours)
        running.until(lambda: _stored_of(running, device, hours), (len(hours), float(sum(hours))))


def _stored_of(running: Composition, device: str, hours: range) -> tuple[Any, ...]:
    return running.ask(OF_DEVICE.format(device, hours.start, hours.stop - 1))[0]


def test_a_reading_sent_over_tls_becomes_a_figure_over_http(running: Composition, secrets: dict[str, str]) -> None:
    with _device(running, "harbour.meter-1", secrets["meter-1"]) as (client, received):
        client.subscribe("pharos/v1/harbour/meter-1/feedback", qos=1)
        _publish(client, "meter-1", EARLY)
        running.until(lambda: _stored_of(running, "meter-1", EARLY), (60, float(sum(EARLY))))
        running.until(lambda: bool(received), expected=True)
    assert json.loads(received[-1][1])["rejected"] == 0
    token = running.run("admin", "token", "create", "report", "--role", "evaluator").strip()
    address = f"http://{running.places['api-1 8080']}/api/v1/kpis/heat_delivered/values"
    asked = {
        "city": "harbour",
        "site": "house-1",
        "period": "day",
        "from": "2025-03-01T23:00:00Z",
        "to": "2025-03-02T23:00:00Z",
    }

    def figures() -> list[Any]:
        answer = running.http.get(address, params=asked, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in {200, 503}, answer.text
        return [(one["value"], one["unit"], one["status"]) for one in answer.json().get("items", [])]

    running.until(figures, [(24.0, "kWh", "final")])


def test_a_device_speaks_under_its_own_name_and_hears_its_own_answers_only(
    running: Composition,
    secrets: dict[str, str],
) -> None:
    with _device(running, "harbour.meter-2", secrets["meter-2"]) as (client, received):
        client.subscribe("pharos/v1/#", qos=1)
        _publish(client, "meter-1", FORGED)
        _publish(client, "meter-2", range(1))
        running.until(lambda: _stored_of(running, "meter-2", range(1)), (1, 0.0))
    assert _stored_of(running, "meter-1", FORGED) == (0, 0.0)
    assert {topic for topic, _ in received} <= {"pharos/v1/harbour/meter-2/feedback"}


def test_whoever_has_no_secret_is_not_let_in(running: Composition) -> None:
    refused: list[bool] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.tls_set(str(running.deployment.root / "tls" / "ca.crt"))
    client.on_connect = lambda client, userdata, flags, reason, properties: refused.append(reason.is_failure)
    host, _, port = running.places["mosquitto:8883"].rpartition(":")
    client.connect(host, int(port))
    client.loop_start()
    running.until(lambda: refused[:1], [True])
    client.loop_stop()
    client.disconnect()


def _kafka_as(composed: Composition, user: str) -> Cluster:
    authority = composed.deployment.root / "tls" / "ca.crt"
    password = composed.deployment.secret(f"kafka-{user}").read_text()
    return Cluster(composed.places["kafka:9093"], Security.SASL_SSL, user, password, authority)


async def _read(cluster: Cluster) -> None:
    consumer = AIOKafkaConsumer(MQTT_TELEMETRY.name, auto_offset_reset="earliest", **cluster.client_options())
    await consumer.start()
    try:
        await consumer.getmany(timeout_ms=20_000)
    finally:
        await consumer.stop()


async def _write(cluster: Cluster) -> None:
    async with AIOKafkaProducer(**cluster.client_options()) as producer:
        await producer.send_and_wait(MQTT_TELEMETRY.name, b"forged")


def test_kafka_refuses_a_wrong_password_and_lets_each_user_do_its_part_only(running: Composition) -> None:
    ingest, process = _kafka_as(running, "ingest"), _kafka_as(running, "process")
    with pytest.raises(KafkaError):
        asyncio.run(ensure(replace(ingest, password="guess"), TOPICS.values()))  # noqa: S106 - it is wrong
    assert asyncio.run(ensure(ingest, TOPICS.values())) == []
    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(_read(ingest))
    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(_write(process))


def test_a_device_whose_secret_is_revoked_is_put_out_of_the_running_broker(running: Composition) -> None:
    secret = json.loads(running.run("admin", "device", "add", "harbour", "meter-9", "--json"))["secret"]

    def is_let_in() -> bool:
        answers: list[bool] = []
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set("harbour.meter-9", secret)
        client.tls_set(str(running.deployment.root / "tls" / "ca.crt"))
        client.on_connect = lambda client, userdata, flags, reason, properties: answers.append(reason.is_failure)
        host, _, port = running.places["mosquitto:8883"].rpartition(":")
        client.connect(host, int(port))
        client.loop_start()
        running.until(lambda: bool(answers), expected=True)
        client.disconnect()
        client.loop_stop()
        return not answers[0]

    running.until(is_let_in, expected=True)
    running.run("admin", "device", "revoke", "harbour", "meter-9")
    running.until(is_let_in, expected=False)


def test_everything_that_was_counted_balances(running: Composition, secrets: dict[str, str]) -> None:
    _store(running, secrets, "meter-1", EARLY)
    assert running.ask(BALANCE) == [(True, True)]


def test_an_outage_of_the_database_and_restarts_of_both_brokers_under_load_cost_nothing(
    running: Composition,
    secrets: dict[str, str],
    empty_database_url: str,
) -> None:
    _store(running, secrets, "meter-1", EARLY)
    before = running.ask(STORED)[0][0]
    topic = "pharos/v1/harbour/meter-2/telemetry"
    acknowledged: list[int] = []
    with _device(running, "harbour.meter-2", secrets["meter-2"]) as (client, _):
        client.on_publish = lambda client, userdata, number, *_: acknowledged.append(number)

        def publish(portion: int) -> None:
            share = len(LOAD) // 4
            hours = LOAD[portion * share : (portion + 1) * share]
            for hour in hours:  # what cannot go out now goes out when the broker is back
                client.publish(topic, _reading(hour, float(hour)), qos=1)

        running.stop_database()
        publish(0)
        time.sleep(OUTAGE_SECONDS)
        publish(1)
        running.start_database()
        running.stop("kafka")
        publish(2)
        running.start_kafka()
        running.start("process", 3)  # a third one comes, and another goes: the partitions move
        running.stop("process-2")
        running.stop("mosquitto")
        running.start_mosquitto()
        publish(3)
        running.until(lambda: len(acknowledged), len(LOAD))
        running.until(lambda: running.ask(STORED)[0][0], before + len(LOAD))
    assert running.ask(BALANCE) == [(True, True)]
    assert running.ask("select count(*) from quarantine") == [(0,)]
    running.until(lambda: running.ask(MARKS), [(0, 0)])
    _same_figures_as_the_embedded_run(running, empty_database_url)


def test_late_readings_find_their_way_into_compressed_chunks_by_roles_that_own_nothing(
    running: Composition,
    secrets: dict[str, str],
    empty_database_url: str,
) -> None:
    if not NATIVE_URL:
        pytest.skip("PostgreSQL of the wheel compresses nothing; set PHAROS_TEST_TIMESCALE_URL")
    _store(running, secrets, "meter-1", EARLY)
    _store(running, secrets, "meter-2", LONG_AGO)
    compressed, counted = running.ask(COMPRESSED), running.ask(STORED)[0][0]
    assert compressed == [(True,)]
    with _device(running, "harbour.meter-1", secrets["meter-1"]) as (client, _):
        _publish(client, "meter-1", LATE)
        running.until(lambda: running.ask(STORED)[0][0], counted + len(LATE))
    running.until(lambda: running.ask(MARKS), [(0, 0)])
    assert running.ask(BALANCE) == [(True, True)]
    _same_figures_as_the_embedded_run(running, empty_database_url)


def _same_figures_as_the_embedded_run(running: Composition, url: str) -> None:
    """Compare the figures of whole periods with what the embedded stack makes of the same readings."""
    migrate(url)
    messages = [
        RawMessage(f"pharos/v1/harbour/{device}/telemetry", _payload(at, value), time.time_ns() // 1000)
        for device, at, value in running.ask(READINGS)
    ]
    embedded_run.store(url, running.deployment.root / "cities" / "harbour.yaml", messages)
    embedded_run.compute(url, time.time_ns() // 1000)
    with psycopg.connect(url) as connection:
        expected = connection.execute(embedded_run.FIGURES.encode()).fetchall()
    running.until(lambda: running.ask(embedded_run.FIGURES), expected)
    days = embedded_run.heat_by_day(url)
    assert len([value for _, _, value, *_ in days if value is not None]) > 30
    assert embedded_run.heat_by_day(running.postgres.url(DATABASE)) == days
