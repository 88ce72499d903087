"""An edge node of Sparkplug B on each broker: asked for its births, its devices heard, there, and gone."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as paho
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from ingest.limits import DEFAULT
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sparkplug.payload import read
from processors.storage.database import connect
from processors.storage.registry.registry import sync
from simulators.edge_node import EdgeNode, Message
from tests import towns
from tests.integration.test_bindings import STORED, House, house, ingesting, kind
from tests.towns import electricity_meter, sending
from tests.waiting import until

pytestmark = pytest.mark.integration

__all__ = ["kind"]  # the fixture

START = 1_700_000_000_000_000
TOTAL = "Energy/Total"
METER = electricity_meter(
    sending("electricity_energy", field=TOTAL), name="meter", binding={"name": "plant", "device": "m-1"}
)
BINDING = {
    "name": "plant",
    "topic": "spBv1.0/energy/{message}/plant/{device?}",
    "decoder": "sparkplug_b",
    "gateway": "bridge",
}
ONLINE = "select online from device_status join device using (device_id) where name = 'meter'"


class _Client:
    """The edge node's connection: publishes with QoS 0, as births and data are, and hears commands."""

    def __init__(self, there: House, death: Message) -> None:
        endpoint = Endpoint.parse(there.url("harbour.bridge"))
        self.commands: list[str] = []
        self._mqtt = paho.Client(CallbackAPIVersion.VERSION2, clean_session=True)
        self._mqtt.username_pw_set(endpoint.user, endpoint.password)
        self._mqtt.will_set(death.topic, death.payload, qos=1)
        self._mqtt.on_message = lambda _, __, message: self._hear(bytes(message.payload))
        subscribed: list[int] = []
        self._mqtt.on_subscribe = lambda *given: subscribed.append(given[2])
        self._mqtt.connect(endpoint.host, endpoint.port)
        self._mqtt.loop_start()
        self._mqtt.subscribe("spBv1.0/energy/NCMD/plant")
        until(lambda: subscribed)

    def _hear(self, payload: bytes) -> None:
        self.commands += [metric.name or "" for metric in read(payload, DEFAULT).metrics]

    def publish(self, *messages: Message) -> None:
        for message in messages:
            self._mqtt.publish(message.topic, message.payload, qos=0)

    def break_off(self) -> None:
        """End the connection without a word, so that the broker tells the death."""
        self._mqtt.loop_stop()
        if sock := self._mqtt.socket():
            sock.close()


def test_an_edge_node_is_asked_for_its_births_and_its_devices_are_heard_there_and_gone(
    kind: type[Nats] | type[Mosquitto], open_folder: Path, database_url: str
) -> None:
    node = EdgeNode("energy", "plant", {"m-1": [TOTAL]})
    list(node.connect(START, {"m-1": {TOTAL: 1.0}}))  # before anybody listens
    with connect(database_url, "test") as connection, ExitStack() as running:
        sync(connection, [towns.city(METER, bindings=[BINDING])])
        there = running.enter_context(house(kind, open_folder, database_url))
        first = ExitStack()
        first.enter_context(ingesting(there, database_url))
        until(lambda: len(there.may_publish("harbour.bridge")) == 2)
        until(there.server.has_taken_note)
        client = _Client(there, node.death())
        running.callback(client.break_off)
        client.publish(node.report("m-1", START + 1_000_000, {TOTAL: 2.0}))
        until(lambda: client.commands == ["Node Control/Rebirth"])
        client.publish(*node.births(START + 2_000_000, {"m-1": {TOTAL: 3.0}}))
        client.publish(node.report("m-1", START + 3_000_000, {TOTAL: 4.0}))
        until(_values(database_url, 3.0, 4.0))
        until(_is_online(database_url, expected=True))
        first.close()
        running.enter_context(ingesting(there, database_url))  # which knows the births still
        report, sent = node.report("m-1", START + 4_000_000, {TOTAL: 5.0}), _values(database_url, 3.0, 4.0, 5.0)

        def heard() -> bool:
            client.publish(report)  # of quality 0: lost until somebody listens
            return sent()

        until(heard)
        client.break_off()
        until(_is_online(database_url, expected=False))


def _values(database_url: str, *expected: float) -> Callable[[], bool]:
    def are_stored() -> bool:
        with psycopg.connect(database_url) as connection:
            return sorted(row[2] for row in connection.execute(STORED)) == list(expected)

    return are_stored


def _is_online(database_url: str, *, expected: bool) -> Callable[[], bool]:
    def is_so() -> bool:
        with psycopg.connect(database_url) as connection:
            return connection.execute(ONLINE).fetchall() == [(expected,)]

    return is_so
