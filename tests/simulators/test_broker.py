"""The outbox against a real broker: every acknowledged message arrives, through a restart of the broker, too."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from simulators.broker import Outbox
from simulators.errors import SimulationError
from simulators.payload import feedback_topics
from tests.waiting import until

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

DEMONSTRATION = Path(__file__).parents[2] / "deploy" / "cities" / "demo.yaml"
TOPIC = "pharos/v1/city/meter/telemetry"


def _receipts(outbox: Outbox[int], count: int) -> set[int]:
    """Collect receipts until there are ``count`` different ones."""
    collected: set[int] = set()

    def complete() -> bool:
        collected.update(outbox.receipts())
        return len(collected) == count

    until(complete)
    return collected


@contextmanager
def _listening(url: str) -> Iterator[list[mqtt.MQTTMessage]]:
    """Collect everything published, through restarts of the broker."""
    parts, heard, subscribed = urlsplit(url), [], []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="listener", clean_session=False)
    client.username_pw_set(parts.username, parts.password)

    def subscribe(*_: object) -> None:
        client.subscribe([("pharos/v1/+/+/telemetry", 1), ("pharos/v1/+/+/status", 1)])

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: subscribed.append(True)
    client.on_message = lambda _client, _data, message: heard.append(message)
    client.reconnect_delay_set(1, 1)
    client.connect(str(parts.hostname), int(parts.port or 0))
    client.loop_start()
    until(lambda: bool(subscribed))
    yield heard
    client.disconnect()
    client.loop_stop()


@contextmanager
def _client(url: str) -> Iterator[mqtt.Client]:
    parts = urlsplit(url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(parts.username, parts.password)
    client.connect(str(parts.hostname), int(parts.port or 0))
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


@pytest.mark.integration
def test_what_is_acknowledged_arrives(broker: "RunningBroker") -> None:
    outbox: Outbox[int] = Outbox(broker.simulator_url)
    with _listening(broker.url) as heard:
        assert outbox.publish(TOPIC, "0", 0)  # before there is a connection
        outbox.open()
        assert all(outbox.publish(TOPIC, str(number), number) for number in range(1, 500))
        receipts = _receipts(outbox, 500)
        assert outbox.unacknowledged == 0
        until(lambda: len(heard) == 500)
        outbox.close()
    assert receipts == set(range(500))
    assert {int(message.payload) for message in heard} == set(range(500))


@pytest.mark.integration
def test_a_restarted_broker_gets_what_it_had_not_acknowledged(broker: "RunningBroker") -> None:
    outbox: Outbox[int] = Outbox(broker.simulator_url)
    with _listening(broker.url) as heard:
        outbox.open()
        until(lambda: outbox.is_connected)
        for number in range(2000):
            assert outbox.publish(TOPIC, str(number), number)
            if number == 1000:
                broker.server.stop()
        until(lambda: not outbox.is_connected)
        broker.server.start()
        assert _receipts(outbox, 2000) == set(range(2000))
        until(lambda: len({bytes(message.payload) for message in heard}) == 2000)
        outbox.close()


@pytest.mark.integration
def test_what_devices_of_the_city_are_told_is_heard(broker: "RunningBroker") -> None:
    outbox: Outbox[int] = Outbox(broker.simulator_url, listen=feedback_topics("city"))
    collected: list[bytes] = []

    def heard() -> bool:
        teller.publish("pharos/v1/city/meter/feedback", b"{}", qos=1)
        teller.publish("pharos/v1/elsewhere/meter/feedback", b"[]", qos=1)
        collected.extend(outbox.feedback())
        return len(collected) > 3

    with _client(broker.announcer_url) as teller:
        outbox.open()
        until(heard)
    outbox.close()
    assert set(collected) == {b"{}"}


@pytest.mark.integration
def test_a_refused_password_is_no_connection(broker: "RunningBroker") -> None:
    parts = urlsplit(broker.simulator_url)
    outbox: Outbox[int] = Outbox(f"mqtt://{parts.username}:wrong@{parts.hostname}:{parts.port}")
    outbox.open()
    outbox.publish(TOPIC, b"", 1)
    outbox.wait(1.0)
    assert not outbox.is_connected
    assert outbox.receipts() == []
    outbox.close()


@pytest.mark.parametrize("url", ["localhost:1883", "http://localhost", "mqtt://", ""])
def test_an_address_that_is_none_is_refused_with_the_form_expected(url: str) -> None:
    with pytest.raises(SimulationError, match="expected mqtt://user:password@host:port"):
        Outbox(url)


@pytest.mark.integration
def test_the_command_publishes_and_a_second_start_continues(broker: "RunningBroker", tmp_path: Path) -> None:
    journal = tmp_path / "simulator.json"
    with _listening(broker.url) as heard:
        with _simulating(broker.simulator_url, tmp_path):
            until(lambda: sum(message.payload.startswith(b"[") for message in heard) > 40)
        filled = json.loads(journal.read_text())["sonderborg-demo/seed-1"]
        assert len(filled) == 18
        statuses = [bytes(message.payload) for message in heard if message.topic.endswith("/status")]
        assert statuses.count(b"online") == 18
        before = _days_sent(heard)
        heard.clear()
        with _simulating(broker.simulator_url, tmp_path):
            until(lambda: len(_days_sent(heard)) > 40)
        whole_days = {day for day in _days_sent(heard) if day[2] == 96}
        assert whole_days
        assert not whole_days & before, "what the broker had acknowledged before the stop was sent again"


@contextmanager
def _simulating(url: str, data: Path) -> Iterator[None]:
    command = [sys.executable, "-c", "from deploy.cli import main; main()", "simulate", "--city", str(DEMONSTRATION)]
    command += ["--history", "2", "--rate", "1"]
    environment = {"PHAROS_MQTT_URL": url, "PHAROS_DATA": str(data)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def _days_sent(heard: list[mqtt.MQTTMessage]) -> set[tuple[str, str, int]]:
    arrays = [(message.topic, json.loads(message.payload)) for message in heard if message.payload.startswith(b"[")]
    return {(topic, samples[0]["time"][:10], len(samples)) for topic, samples in arrays}
