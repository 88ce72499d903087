"""Mosquitto as the deployment runs it: TLS only, rights per device, queues that hold what ingest has not stored."""

import signal
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import ports
from deploy.production import mqtt_accounts
from deploy.settings import Address
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.subscription import Subscription
from tests.composition import Composition, composition
from tests.waiting import until

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0
DEVICES = 8883
TELEMETRY = "pharos/v1/harbour/meter-1/telemetry"


@pytest.fixture
def deployed(open_folder: Path) -> Iterator[Composition]:
    with composition(open_folder / "composition", None) as made:
        made.start_mosquitto()
        until(made.mosquitto_is_healthy)
        yield made


def endpoint(deployed: Composition, user: str, secret: str, listener: int = 8884) -> Endpoint:
    host, _, port = deployed.places[f"mosquitto:{listener}"].rpartition(":")
    return Endpoint(host, int(port), True, user, secret, deployed.deployment.root / "tls" / "ca.crt")


def ingest(deployed: Composition) -> Endpoint:
    return endpoint(deployed, "ingest", deployed.deployment.secret("mqtt-ingest").read_text())


def add_device(deployed: Composition, device: str) -> Endpoint:
    accounts = mqtt_accounts.found(deployed.deployment.root)
    assert accounts
    secret = accounts.devices.add("harbour", device)
    accounts.render()
    let_in = endpoint(deployed, f"harbour.{device}", secret, DEVICES)
    until(lambda: is_let_in(let_in))
    return let_in


def is_let_in(of: Endpoint) -> bool:
    answers: list[bool] = []
    with connected(of, lambda client: setattr(client, "on_connect", lambda *told: answers.append(told[3].is_failure))):
        until(lambda: bool(answers))
    return not answers[0]


@contextmanager
def connected(
    of: Endpoint, prepare: Callable[[paho.Client], object] = bool, client_id: str = "", *, clean: bool = True
) -> Iterator[paho.Client]:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id, clean_session=clean)
    client.username_pw_set(of.user, of.password)
    client.tls_set(str(of.ca_file) if of.ca_file else None)
    client.max_inflight_messages_set(2000)
    prepare(client)
    client.connect(of.host, of.port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def subscribed(deployed: Composition, filter_: str, identity: str = "") -> Iterator[Subscription]:
    troubles: list[str | None] = []
    subscription = Subscription(ingest(deployed), identity or uuid4().hex, filter_, troubles.append)
    try:
        until(lambda: subscription.is_connected)
        yield subscription
    finally:
        subscription.close()


def taken(subscription: Subscription, count: int) -> list[bytes]:
    """Take and acknowledge messages until there are ``count``; returns their payloads."""
    payloads: list[bytes] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(payloads) < count:
        assert time.monotonic() < deadline, f"{len(payloads)} of {count} messages came"
        deliveries = subscription.take(BatchLimit(), 0.005, 0.2)
        payloads += [delivery.message.payload for delivery in deliveries]
        subscription.acknowledge(deliveries)
    return payloads


def test_ingest_reads_over_tls_what_queued_up_while_it_was_away(deployed: Composition) -> None:
    device, count = add_device(deployed, "meter-1"), 5000
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test"):
        pass
    with connected(device) as client:
        for info in [client.publish(TELEMETRY, str(number).encode(), qos=1) for number in range(count)]:
            info.wait_for_publish(PATIENCE_SECONDS)
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test") as again:
        assert [int(payload) for payload in taken(again, count)] == list(range(count))


def test_what_the_broker_had_retained_is_marked_and_what_it_passes_on_is_not(deployed: Composition) -> None:
    device, told = add_device(deployed, "meter-1"), list[tuple[bytes, bool]]()

    def publish(*payloads: bytes) -> None:
        with connected(device) as client:
            for payload in payloads:
                client.publish(TELEMETRY, payload, qos=1, retain=True).wait_for_publish(PATIENCE_SECONDS)

    publish(b"kept")
    with subscribed(deployed, "pharos/v1/+/+/telemetry") as source:

        def heard(count: int) -> bool:
            deliveries = source.take(BatchLimit(), 0.0, 0.1)
            told.extend((each.message.payload, each.message.retained) for each in deliveries)
            source.acknowledge(deliveries)
            return len(told) >= count

        until(lambda: heard(1))
        publish(b"news", b"")
        until(lambda: heard(3))
    assert told == [(b"kept", True), (b"news", False), (b"", False)]


def test_a_clean_restart_of_the_broker_keeps_what_it_has_acknowledged(deployed: Composition) -> None:
    device = add_device(deployed, "meter-1")
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test"):
        pass
    with connected(device) as client:
        for info in [client.publish(TELEMETRY, str(number).encode(), qos=1) for number in range(100)]:
            info.wait_for_publish(PATIENCE_SECONDS)
    deployed.running["mosquitto"].send_signal(signal.SIGTERM)
    assert deployed.running["mosquitto"].wait(PATIENCE_SECONDS) == 0
    deployed.start_mosquitto()
    until(deployed.mosquitto_is_healthy)
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test") as again:
        assert len(taken(again, 100)) == 100


def test_devices_are_refused_before_the_queue_is_full_and_nothing_acknowledged_is_dropped(
    deployed: Composition,
) -> None:
    device, acknowledged = add_device(deployed, "meter-1"), set[int]()
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test"):
        pass
    deployed.stop("mosquitto")
    deployed.start_mosquitto(queue_mib=1)
    until(deployed.mosquitto_is_healthy)
    local = Address(device.host, device.port)
    with connected(device) as client:
        client.on_publish = lambda _client, _data, mid, *_: acknowledged.add(mid)
        sent = {client.publish(TELEMETRY, b"%06d" % number + b" " * 4_000, qos=1).mid: number for number in range(600)}
        until(lambda: not ports.answers(local))
    kept = {sent[mid] for mid in acknowledged}
    assert kept
    until(deployed.mosquitto_is_healthy)  # who stores is served
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test") as again:
        assert kept <= {int(payload) for payload in taken(again, len(kept))}
        until(lambda: ports.answers(local))


def test_a_device_that_knows_the_client_id_of_ingest_neither_reads_nor_erases_its_queue(deployed: Composition) -> None:
    device, thief = add_device(deployed, "meter-1"), add_device(deployed, "meter-2")
    sent, stolen = [b"%03d" % number + b" " * 200_000 for number in range(100)], list[bytes]()
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test"):
        pass
    with connected(device) as client:
        for payload in sent:
            client.publish(TELEMETRY, payload, qos=1).wait_for_publish(PATIENCE_SECONDS)

    def listen(client: paho.Client) -> None:
        client.on_message = lambda client, userdata, message: stolen.append(bytes(message.payload))
        client.on_connect = lambda client, *_: client.subscribe("pharos/v1/#", qos=1)

    for clean in (False, True):
        with connected(thief, listen, "ingest-of-this-test", clean=clean) as client:
            until(client.is_connected)
            time.sleep(0.5)  # for what must not come
    with subscribed(deployed, "pharos/v1/+/+/telemetry", "ingest-of-this-test") as again:
        assert taken(again, len(sent)) == sent
    assert stolen == []


def test_no_device_is_let_in_where_our_own_processes_connect(deployed: Composition) -> None:
    device = add_device(deployed, "meter-1")
    host, _, port = deployed.places["mosquitto:8884"].rpartition(":")
    assert is_let_in(device)
    assert not is_let_in(replace(device, host=host, port=int(port)))


def test_a_device_publishes_under_its_own_name_only(deployed: Composition) -> None:
    intruder = add_device(deployed, "meter-2")
    with subscribed(deployed, "pharos/v1/+/+/telemetry") as everything, connected(intruder) as client:
        client.publish(TELEMETRY, b"forged", qos=1).wait_for_publish(PATIENCE_SECONDS)
        client.publish(TELEMETRY.replace("meter-1", "meter-2"), b"own", qos=1).wait_for_publish(PATIENCE_SECONDS)
        assert taken(everything, 1) == [b"own"]


def test_a_device_reads_its_own_feedback_only(deployed: Composition) -> None:
    received: list[str] = []
    device = add_device(deployed, "meter-2")
    process = endpoint(deployed, "process", deployed.deployment.secret("mqtt-process").read_text())

    def listen(client: paho.Client) -> None:
        client.on_message = lambda client, userdata, message: received.append(message.topic)
        client.on_connect = lambda client, *_: client.subscribe("pharos/v1/#", qos=1)

    with connected(device, listen), connected(process) as announcer:
        for name in ("meter-1", "meter-2"):
            topic = f"pharos/v1/harbour/{name}/feedback"
            announcer.publish(topic, b"{}", qos=1, retain=True).wait_for_publish(PATIENCE_SECONDS)
        until(lambda: bool(received))
    assert received == ["pharos/v1/harbour/meter-2/feedback"]


def test_the_processes_have_no_more_rights_than_they_need(deployed: Composition) -> None:
    probe = endpoint(deployed, "probe", deployed.deployment.secret("mqtt-probe").read_text())
    with subscribed(deployed, "pharos/v1/#") as everything:
        with connected(probe) as client:
            client.publish(TELEMETRY, b"forged", qos=1).wait_for_publish(PATIENCE_SECONDS)
        process = replace(probe, user="process", password=deployed.deployment.secret("mqtt-process").read_text())
        with connected(process) as client:
            client.publish(TELEMETRY, b"forged", qos=1).wait_for_publish(PATIENCE_SECONDS)
            feedback = TELEMETRY.replace("telemetry", "feedback")
            client.publish(feedback, b"answer", qos=1).wait_for_publish(PATIENCE_SECONDS)
        assert taken(everything, 1) == [b"answer"]


def test_a_wrong_secret_an_unknown_user_and_nobody_at_all_are_refused(deployed: Composition) -> None:
    right = ingest(deployed)
    assert is_let_in(right)
    assert not is_let_in(replace(right, password="guess"))  # noqa: S106 - it is wrong
    assert not is_let_in(replace(right, user="stranger"))
    assert not is_let_in(replace(right, user=None, password=None))


def test_a_revoked_device_is_put_out_within_seconds(deployed: Composition) -> None:
    device = add_device(deployed, "meter-3")
    accounts = mqtt_accounts.found(deployed.deployment.root)
    assert accounts
    accounts.devices.revoke("harbour", "meter-3")
    accounts.render()
    until(lambda: not is_let_in(device))


@pytest.mark.filterwarnings(
    "ignore:unclosed <ssl:ResourceWarning"
)  # paho leaves what it could not greet to be collected
@pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl:pytest.PytestUnraisableExceptionWarning")
def test_an_authority_that_is_not_ours_is_not_trusted(deployed: Composition) -> None:
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        connected(replace(ingest(deployed), ca_file=None)),
    ):
        pass
    troubles: list[str | None] = []
    subscription = Subscription(replace(ingest(deployed), ca_file=None), uuid4().hex, "pharos/v1/#", troubles.append)
    until(lambda: bool(troubles))
    subscription.close()
    assert "certificate verify failed" in str(troubles[0])
