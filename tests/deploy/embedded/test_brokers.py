"""Both brokers keep the same promises: rights per device, durable queues, changes without disturbance."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import accounts, orphan_processes, ports
from deploy.embedded.accounts import Account, Verifier
from deploy.embedded.broker import Broker, accepts
from deploy.embedded.mosquitto import Mosquitto
from deploy.embedded.nats import Nats
from deploy.errors import BrokerError
from deploy.settings import Address
from tests.broker_kinds import Kind, installed

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0
SECRETS = {
    accounts.INGEST: "ingest-secret",
    accounts.ANNOUNCER: "announcer-secret",
    "vitoria.meter1": "first-secret",
    "vitoria.meter2": "second-secret",
    "vitoria.KAM.1_A-b": "third-secret",
}
OURS = {accounts.INGEST, accounts.ANNOUNCER}
TELEMETRY, FEEDBACK = "pharos/v1/vitoria/meter1/telemetry", "pharos/v1/vitoria/meter1/feedback"


def admitted(*names: str) -> list[Account]:
    known: dict[str, Callable[[Verifier], Account]] = {
        accounts.INGEST: accounts.ingest,
        accounts.ANNOUNCER: accounts.announcer,
        "vitoria.meter1": lambda verifier: accounts.device("vitoria", "meter1", verifier),
        "vitoria.meter2": lambda verifier: accounts.device("vitoria", "meter2", verifier),
        "vitoria.KAM.1_A-b": lambda verifier: accounts.device("vitoria", "KAM:1_A-b", verifier),
    }
    return [known[name](Verifier.of(SECRETS[name])) for name in names]


@pytest.fixture(params=[Nats, Mosquitto])
def kind(request: pytest.FixtureRequest) -> Kind:
    return installed(request.param)


@pytest.fixture
def home(open_folder: Path) -> Path:
    return open_folder / "home"


@pytest.fixture
def broker(kind: Kind, home: Path) -> Iterator[Broker]:
    started = kind(home, Address("127.0.0.1", ports.choose()))
    started.admit(admitted(*SECRETS))
    started.start()
    yield started
    started.stop()


class Peer:
    """An MQTT client of a test, with what it received."""

    def __init__(self, broker: Broker, user: str, client_id: str = "", *, clean: bool = True) -> None:
        self.received: list[tuple[str, bytes | bytearray]] = []
        self.granted: list[bool] = []
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id or uuid4().hex,
            clean_session=clean,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(user, SECRETS[user])
        self._client.on_message = lambda _client, _data, message: self.received.append((message.topic, message.payload))
        self._client.on_subscribe = lambda _client, _data, _mid, codes, _properties: self.granted.extend(
            not code.is_failure for code in codes
        )
        self._client.connect(*(broker.inner if user in OURS else broker.address))
        self._client.loop_start()
        self.until(self._client.is_connected)

    def subscribe(self, topic: str) -> bool:
        """Subscribe and tell whether it was granted."""
        self.granted.clear()
        self._client.subscribe(topic, qos=1)
        self.until(lambda: bool(self.granted))
        return self.granted[0]

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, patience: float = PATIENCE_SECONDS) -> None:
        """Publish with quality of service 1 and wait for the acknowledgement."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(patience)

    @property
    def connected(self) -> bool:
        """Whether it is still connected."""
        return self._client.is_connected()

    def leave(self) -> None:
        """Disconnect; a session that is not clean stays."""
        self._client.disconnect()
        self._client.loop_stop()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until ``condition`` holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "nothing happened in time"
            time.sleep(0.01)


def queue_while_away(broker: Broker) -> None:
    """Let ingest subscribe and leave, and a device speak meanwhile."""
    ingest = Peer(broker, accounts.INGEST, "secretid", clean=False)
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    ingest.leave()
    device = Peer(broker, "vitoria.meter1")
    device.publish(TELEMETRY, b"{}")
    device.leave()


def drained(broker: Broker) -> list[tuple[str, bytes | bytearray]]:
    ingest = Peer(broker, accounts.INGEST, "secretid", clean=False)
    ingest.until(lambda: bool(ingest.received))
    ingest.leave()
    return ingest.received


def test_a_wrong_password_and_an_unknown_user_are_refused(broker: Broker) -> None:
    assert accepts(broker.inner, accounts.INGEST, SECRETS[accounts.INGEST])
    assert not accepts(broker.inner, accounts.INGEST, "guess")
    assert not accepts(broker.address, "vitoria.stranger", SECRETS["vitoria.meter1"])


def test_a_device_speaks_under_its_own_name_only(broker: Broker) -> None:
    ingest, intruder, device = (
        Peer(broker, accounts.INGEST),
        Peer(broker, "vitoria.meter2"),
        Peer(broker, "vitoria.meter1"),
    )
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    intruder.publish(TELEMETRY, b"forged")
    device.publish(TELEMETRY, b"genuine")
    ingest.until(lambda: bool(ingest.received))
    for peer in (ingest, intruder, device):
        peer.leave()
    assert ingest.received == [(TELEMETRY, b"genuine")]


def test_a_native_id_of_every_allowed_character_works_as_a_name(broker: Broker) -> None:
    telemetry, feedback = (f"pharos/v1/vitoria/KAM:1_A-b/{channel}" for channel in ("telemetry", "feedback"))
    ingest, device = Peer(broker, accounts.INGEST), Peer(broker, "vitoria.KAM.1_A-b")
    announcer = Peer(broker, accounts.ANNOUNCER)
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    assert device.subscribe(feedback)
    device.publish(telemetry, b"genuine")
    announcer.publish(feedback, b"accepted")
    ingest.until(lambda: bool(ingest.received))
    device.until(lambda: bool(device.received))
    for peer in (ingest, device, announcer):
        peer.leave()
    assert (ingest.received, device.received) == ([(telemetry, b"genuine")], [(feedback, b"accepted")])


def test_a_device_reads_its_own_feedback_only(broker: Broker) -> None:
    announcer, device, other = (
        Peer(broker, accounts.ANNOUNCER),
        Peer(broker, "vitoria.meter1"),
        Peer(broker, "vitoria.meter2"),
    )
    announcer.publish(FEEDBACK, b"accepted 1", retain=True)
    announcer.publish("pharos/v1/vitoria/meter2/feedback", b"accepted 2", retain=True)
    assert device.subscribe(FEEDBACK)
    other.subscribe("#")
    other.subscribe("pharos/v1/+/+/feedback")
    other.subscribe("pharos/v1/vitoria/meter2/feedback")
    device.until(lambda: bool(device.received))
    other.until(lambda: bool(other.received))
    for peer in (announcer, device, other):
        peer.leave()
    assert device.received == [(FEEDBACK, b"accepted 1")]
    assert {payload for _, payload in other.received} == {b"accepted 2"}


def test_what_was_acknowledged_while_ingest_was_away_survives_a_stop(broker: Broker) -> None:
    queue_while_away(broker)
    broker.stop()
    broker.start()
    assert drained(broker) == [(TELEMETRY, b"{}")]


@pytest.mark.parametrize("kind", [Nats])
def test_what_was_acknowledged_while_ingest_was_away_survives_a_kill(broker: Broker) -> None:
    queue_while_away(broker)
    os.kill(broker.pid, signal.SIGKILL)
    broker.start()
    assert drained(broker) == [(TELEMETRY, b"{}")]


def test_a_new_device_is_let_in_and_a_removed_one_put_out_without_disturbing_others(broker: Broker) -> None:
    ingest = Peer(broker, accounts.INGEST)
    broker.admit([account for account in broker.admitted if account.name != "vitoria.meter1"])
    ingest.until(lambda: not accepts(broker.address, "vitoria.meter1", SECRETS["vitoria.meter1"]))
    assert ingest.connected
    ingest.leave()


def test_a_broker_left_by_a_killed_supervisor_is_ended(broker: Broker, kind: Kind, home: Path) -> None:
    orphan = broker.pid
    second = kind(home, broker.address)
    second.admit(admitted(accounts.INGEST))
    second.start()
    assert not orphan_processes.running(orphan)
    second.stop()


def test_a_broker_that_cannot_listen_says_so(broker: Broker, kind: Kind, home: Path) -> None:
    second = kind(home.with_name("second"), broker.address)
    with pytest.raises(BrokerError, match=r"(?i)address already in use"):
        second.start()


def test_its_configuration_is_closed_to_others(broker: Broker, home: Path) -> None:
    assert broker.pid
    assert {path.stat().st_mode & 0o077 for path in home.iterdir() if path.is_file()} == {0}


def steal(broker: Broker, thief: str, *, clean: bool) -> list[tuple[str, bytes | bytearray]]:
    """Connect with ingest's client id and a device's credential; returns what that gave."""
    peer = Peer(broker, thief, "secretid", clean=clean)
    peer.subscribe("pharos/v1/+/+/telemetry")
    time.sleep(0.5)  # for what must not come
    peer.leave()
    return peer.received


def test_a_device_that_knows_the_client_id_of_ingest_neither_reads_nor_erases_its_queue(broker: Broker) -> None:
    sent = [b"%03d" % number + b" " * 200_000 for number in range(100)]
    ingest = Peer(broker, accounts.INGEST, "secretid", clean=False)
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    ingest.leave()
    device = Peer(broker, "vitoria.meter1")
    for payload in sent:
        device.publish(TELEMETRY, payload)
    device.leave()
    stolen = [steal(broker, "vitoria.meter2", clean=clean) for clean in (False, True)]
    back = Peer(broker, accounts.INGEST, "secretid", clean=False)
    back.until(lambda: len(back.received) == len(sent))
    back.leave()
    assert stolen == [[], []]
    assert [payload for _, payload in back.received] == sent


def test_a_device_that_knows_the_client_id_of_ingest_does_not_throw_it_out(broker: Broker) -> None:
    ingest = Peer(broker, accounts.INGEST, "secretid", clean=False)
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    for clean in (False, True):
        steal(broker, "vitoria.meter2", clean=clean)
    device = Peer(broker, "vitoria.meter1")
    device.publish(TELEMETRY, b"{}")
    ingest.until(lambda: bool(ingest.received))
    assert ingest.connected
    for peer in (ingest, device):
        peer.leave()


def test_ingest_can_publish_nothing(broker: Broker) -> None:
    ingest, device = Peer(broker, accounts.INGEST), Peer(broker, "vitoria.meter1")
    assert ingest.subscribe("pharos/v1/+/+/telemetry")
    assert device.subscribe(FEEDBACK)
    for topic in (TELEMETRY, FEEDBACK):
        forger = Peer(broker, accounts.INGEST)
        forger.publish(topic, b"forged", patience=2.0)  # what Mosquitto answers, paho takes for an end
        forger.leave()
    device.publish(TELEMETRY, b"genuine")
    ingest.until(lambda: bool(ingest.received))
    for peer in (ingest, device):
        peer.leave()
    assert (ingest.received, device.received) == ([(TELEMETRY, b"genuine")], [])


@pytest.mark.parametrize("kind", [Mosquitto])
def test_mosquitto_knows_no_device_where_our_own_processes_connect(broker: Broker) -> None:
    assert accepts(broker.address, "vitoria.meter1", SECRETS["vitoria.meter1"])
    assert not accepts(broker.inner, "vitoria.meter1", SECRETS["vitoria.meter1"])
    assert not accepts(broker.address, accounts.INGEST, SECRETS[accounts.INGEST])


@pytest.mark.parametrize("kind", [Nats])
def test_the_nats_server_tells_client_ids_to_nobody(broker: Broker, home: Path) -> None:
    configured = (home / "broker.conf").read_text()
    assert broker.pid
    assert not any(
        line.split(":")[0] in {"http", "https", "http_port", "https_port"} for line in configured.splitlines()
    )


@pytest.mark.parametrize("kind", [Nats])
def test_what_a_version_without_accounts_had_queued_is_delivered(broker: Broker, home: Path) -> None:
    queue_while_away(broker)
    broker.stop()
    stores = home / "store" / "jetstream"
    (stores / "PHAROS").rename(stores / "$G")
    shutil.rmtree(stores / "DEVICES")
    broker.start()
    assert drained(broker) == [(TELEMETRY, b"{}")]
