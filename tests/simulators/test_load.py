"""The load generator: native messages, a truthful record of what was acknowledged, through deaths of the broker."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from ingest.model.city.city_file import parse
from simulators.errors import SimulationError
from simulators.load import QUANTITIES, Load, Packets, packet_ids
from simulators.load_generator import LoadGenerator, at_rate

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

LOAD = Load("load", devices=7, begin=1_780_000_000_000_000)


def test_the_city_file_declares_every_device() -> None:
    city = parse(LOAD.city_file(), "load.yaml")
    assert [device.name for device in city.devices] == [LOAD.device(index) for index in range(7)]
    assert {tuple(series.quantity for series in device.series) for device in city.devices} == {QUANTITIES}
    assert len(parse(Load("load", 1, 0).city_file(), "load.yaml").devices) == 1


def test_packets_are_those_of_the_standard_with_native_payloads() -> None:
    packets = Packets(LOAD).of(np.array([0, 6, 7, 700_001]), again=False)
    seen = [_parse(packets[begin : begin + len(packets) // 4]) for begin in range(0, len(packets), len(packets) // 4)]
    assert [(topic, packet_id) for topic, packet_id, _ in seen] == [
        ("pharos/v1/load/meter-00000/telemetry", 1),
        ("pharos/v1/load/meter-00006/telemetry", 7),
        ("pharos/v1/load/meter-00000/telemetry", 8),
        ("pharos/v1/load/meter-00001/telemetry", 700_001 % 65_535 + 1),
    ]
    documents = [json.loads(payload) for _, _, payload in seen]
    assert [each["time"] for each in documents] == [1_780_000_000_000 + index for index in (0, 0, 1, 100_000)]
    assert [each["values"]["heat_energy"] for each in documents] == [1e9, 1e9, 1e9 + 1, 1e9 + 100_000]
    assert all(tuple(each["values"]) == QUANTITIES for each in documents)
    assert all(190 <= len(payload) <= 210 for _, _, payload in seen)
    assert Packets(LOAD).of(np.array([0]), again=True)[0] == 0x3A


def test_packet_ids_are_never_zero_and_fit() -> None:
    ids = packet_ids(np.arange(200_000))
    assert ids.min() == 1
    assert ids.max() == 65_535


@pytest.mark.integration
def test_what_is_on_record_as_acknowledged_has_arrived(broker: "RunningBroker") -> None:
    received: Counter[tuple[str, int]] = Counter()
    listener = _listen(broker.url, received)
    generator = LoadGenerator(broker.simulator_url, LOAD, capacity=150_000, window=3000)
    generator.publish(until=lambda: generator.acknowledged >= 70_000)
    acknowledged = generator.acknowledged_readings()
    assert len(acknowledged) >= 70_000
    _await(lambda: len(received) >= len(acknowledged))
    assert set(received) == acknowledged
    devices, times = generator.acknowledged_times()
    pairs = zip(map(LOAD.device, devices.tolist()), ((times - LOAD.begin) // LOAD.step).tolist(), strict=True)
    assert set(pairs) == acknowledged
    listener.loop_stop()


@pytest.mark.integration
@pytest.mark.usefixtures("early_redelivery")
def test_a_killed_broker_costs_no_acknowledged_message(broker: "RunningBroker") -> None:
    received: Counter[tuple[str, int]] = Counter()
    listener = _listen(broker.url, received)
    generator = LoadGenerator(broker.simulator_url, LOAD, capacity=20_000)
    publisher = threading.Thread(
        target=generator.publish, kwargs={"until": lambda: generator.acknowledged > 9_000, "due": at_rate(4000)}
    )
    publisher.start()
    _await(lambda: generator.acknowledged > 2_000)
    broker.server.stop()
    broker.server.start()
    publisher.join()
    assert generator.reconnections == 1
    _await(lambda: len(received) >= generator.acknowledged)
    assert generator.acknowledged_readings() <= set(received)
    listener.loop_stop()


@pytest.mark.integration
def test_a_rate_is_kept(broker: "RunningBroker") -> None:
    generator = LoadGenerator(broker.simulator_url, LOAD, capacity=100_000)
    began = time.monotonic()
    generator.publish(until=lambda: time.monotonic() > began + 1.0, due=at_rate(1000))
    assert generator.acknowledged <= 1000 * (time.monotonic() - began)


@pytest.mark.integration
def test_refused_credentials_are_said_so(broker: "RunningBroker") -> None:
    address = urlsplit(broker.simulator_url)
    generator = LoadGenerator(f"mqtt://simulator:wrong@{address.hostname}:{address.port}", LOAD, capacity=1)
    with pytest.raises(SimulationError, match="refuses the connection"):
        generator.publish(until=lambda: False)


def _listen(url: str, received: Counter[tuple[str, int]]) -> mqtt.Client:
    parts, subscribed = urlsplit(url), threading.Event()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="listener", clean_session=False)
    client.username_pw_set(str(parts.username), parts.password)
    client.reconnect_delay_set(1, 1)

    def subscribe(*_: object) -> None:
        client.subscribe("pharos/v1/+/+/telemetry", qos=1)

    def note(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        received[message.topic.split("/")[3], json.loads(message.payload)["time"] - LOAD.begin // 1000] += 1

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: subscribed.set()
    client.on_message = note
    client.connect(str(parts.hostname), int(parts.port or 0))
    client.loop_start()
    assert subscribed.wait(10)
    return client


def _await(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.02)


def _parse(packet: bytes) -> tuple[str, int, bytes]:
    """Take a PUBLISH packet of QoS 1 apart, as MQTT 3.1.1 section 3.3 says."""
    assert packet[0] == 0x32
    length, at, shift = 0, 1, 0
    while True:
        length |= (packet[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if packet[at - 1] < 128:
            break
    assert length == len(packet) - at
    size = int.from_bytes(packet[at : at + 2], "big")
    topic, rest = packet[at + 2 : at + 2 + size], packet[at + 2 + size :]
    return topic.decode(), int.from_bytes(rest[:2], "big"), rest[2:]
