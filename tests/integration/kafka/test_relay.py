"""``pharos ingest`` with Kafka: nothing is acknowledged to a broker before Kafka has it, whatever dies in between."""

import json
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as paho
import pytest
from msgspec import structs
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import nats_config
from ingest.bus import MQTT_TELEMETRY
from ingest.sources.mqtt.endpoint import Endpoint
from tests.mqtt_client import connected

if TYPE_CHECKING:
    from tests.conftest import RunningBroker
    from tests.integration.kafka.conftest import Pipeline

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0
STORED = "select count(*), coalesce(sum(value), 0) from reading"
BALANCE = """
    select sum(received) = sum(stored + duplicate + conflict + quarantined),
           sum(stored) = (select count(*) from reading)
    from ledger
"""
START_MILLIS = 1_700_000_000_000


@pytest.fixture(autouse=True)
def _early_redelivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the broker deliver again after 5 s instead of 30: sooner, and more often while Kafka is away."""
    template = nats_config.TEMPLATE.replace('ack_wait: "30s"', 'ack_wait: "5s"')
    assert template != nats_config.TEMPLATE
    monkeypatch.setattr(nats_config, "TEMPLATE", template)


def _send(devices: paho.Client, numbers: range) -> None:
    """Publish readings and wait until the broker has acknowledged them."""
    infos = [
        devices.publish(f"pharos/v1/harbour/meter-{number % 5}/telemetry", _payload(number), qos=1)
        for number in numbers
    ]
    for info in infos:
        info.wait_for_publish(PATIENCE_SECONDS)


def _payload(number: int) -> bytes:
    return json.dumps({"time": START_MILLIS + number, "values": {"heat_energy": number}}).encode()


def test_kafka_stopped_killed_and_started_under_load_costs_nothing(
    pipeline: "Pipeline", broker: "RunningBroker", database_url: str
) -> None:
    ingest = pipeline.start("ingest", PHAROS_MQTT_URL=broker.url)
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    pipeline.until(ingest.causes, {})
    with connected(broker.simulator_url) as devices:
        _send(devices, range(1000))
        pipeline.kafka.stop()
        _send(devices, range(1000, 2000))
        pipeline.until(lambda: "kafka" in ingest.causes(), expected=True)
        pipeline.until(lambda: "kafka" in process.causes(), expected=True)
        assert 'pharos_ingest_troubles_total{peer="kafka"}' in ingest.metrics()
        assert 'pharos_in_flight_messages{channel="telemetry"} 0.0' not in ingest.metrics()
        pipeline.kafka.start()
        _send(devices, range(2000, 3000))
        pipeline.until(lambda: pipeline.ask(database_url, STORED), [(3000, 4_498_500.0)])
        pipeline.kafka.kill()
        _send(devices, range(3000, 3100))
        pipeline.kafka.start()
        _send(devices, range(3100, 3200))
        pipeline.until(lambda: pipeline.ask(database_url, STORED), [(3200, 5_118_400.0)])
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    pipeline.until(ingest.causes, {})
    pipeline.until(process.causes, {})
    ingest.stop()
    process.stop()


def test_ingest_stopped_and_killed_while_kafka_is_away_loses_nothing_and_leaves_the_database_alone(
    pipeline: "Pipeline", broker: "RunningBroker", database_url: str
) -> None:
    ingest = pipeline.start("ingest", PHAROS_MQTT_URL=broker.url, PHAROS_DATABASE_URL=database_url)
    pipeline.until(ingest.causes, {})
    with connected(broker.simulator_url) as devices:
        _send(devices, range(500))
        pipeline.kafka.stop()
        _send(devices, range(500, 1000))
        pipeline.until(lambda: "kafka" in ingest.causes(), expected=True)
        ingest.stop()
        ingest.start()
        pipeline.until(lambda: list(ingest.causes()), ["kafka"])
        _send(devices, range(1000, 1500))
        ingest.kill()
        pipeline.kafka.start()
        ingest.start()
        assert pipeline.ask(database_url, STORED) == [(0, 0)]
        process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
        pipeline.until(lambda: pipeline.ask(database_url, STORED), [(1500, 1_124_250.0)])
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    ingest.stop()
    process.stop()


def test_devices_are_answered_by_the_processor_that_stores_what_they_send(
    pipeline: "Pipeline", broker: "RunningBroker", database_url: str
) -> None:
    ingest = pipeline.start("ingest", PHAROS_MQTT_URL=broker.url)
    process = pipeline.start("process", PHAROS_MQTT_URL=broker.announcer_url, PHAROS_DATABASE_URL=database_url)
    pipeline.until(ingest.causes, {})
    pipeline.until(process.causes, {})
    endpoint, answers = Endpoint.parse(broker.device_url("harbour", "meter-3")), list[Any]()
    device = paho.Client(CallbackAPIVersion.VERSION2)
    device.username_pw_set(endpoint.user, endpoint.password)
    device.on_message = lambda client, userdata, message: answers.append(json.loads(message.payload))
    device.connect(endpoint.host, endpoint.port)
    device.subscribe("pharos/v1/harbour/meter-3/feedback", qos=1)
    device.loop_start()
    device.publish("pharos/v1/harbour/meter-3/telemetry", b"rubbish", qos=1)
    pipeline.until(lambda: [answer["rejected"] for answer in answers], [1])
    device.disconnect()
    device.loop_stop()
    ingest.stop()
    process.stop()


def test_a_message_larger_than_allowed_is_cut_and_refused_and_stops_nothing(
    pipeline: "Pipeline", database_url: str
) -> None:
    first, second, third = pipeline.messages(range(3))
    huge = json.dumps({"time": START_MILLIS, "values": {"x" * 3_000_000: 1}}).encode()
    large = b" " * 1_000_000 + second.payload
    messages = [first, structs.replace(first, payload=huge), structs.replace(second, payload=large), third]
    pipeline.publisher.publish(MQTT_TELEMETRY, messages)
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    # One query, and waited for: a partition of its own may bring the refused one after the rest is stored.
    fate = "select (select count(*) from reading), (select array_agg(reason) from quarantine)"
    pipeline.until(lambda: pipeline.ask(database_url, fate), [(6, ["undecodable"])])
    process.stop()
