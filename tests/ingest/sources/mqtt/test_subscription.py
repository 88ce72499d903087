"""The subscription against a real broker: nothing is lost that was not acknowledged, and trouble is told."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ingest.errors import SubscriptionRefusedError
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt import inbox
from ingest.sources.mqtt import subscription as subscription_module
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.fair_queue import Delivery
from ingest.sources.mqtt.in_flight import InFlight
from ingest.sources.mqtt.publish_packets import Publish
from ingest.sources.mqtt.subscription import Subscription
from ingest.topics import Channel, subscription, topic
from tests.mqtt_client import connected
from tests.waiting import until

if TYPE_CHECKING:
    from tests.conftest import RunningBroker

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 180.0
TELEMETRY = topic("harbour", "meter", Channel.TELEMETRY)


@pytest.fixture
def troubles() -> list[str | None]:
    return []


@pytest.fixture
def subscribe(broker: "RunningBroker", troubles: list[str | None]) -> Callable[[], Subscription]:
    def open_subscription() -> Subscription:
        endpoint = Endpoint.parse(broker.url)
        return Subscription(endpoint, "test-session", subscription(Channel.TELEMETRY), troubles.append)

    return open_subscription


def _publish(url: str, *payloads: bytes) -> None:
    with connected(url) as client:
        for payload in payloads:
            client.publish(TELEMETRY, payload, qos=1).wait_for_publish(PATIENCE_SECONDS)


def _take(source: Subscription, count: int) -> list[Delivery]:
    taken: list[Delivery] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(taken) < count and time.monotonic() < deadline:
        taken += source.take(BatchLimit(count - len(taken)), 0.0, 0.1)
    return taken


def _payloads(deliveries: list[Delivery]) -> list[bytes]:
    return sorted(delivery.message.payload for delivery in deliveries)


@pytest.mark.usefixtures("early_redelivery")
def test_what_was_not_acknowledged_is_delivered_again_and_marked(
    broker: "RunningBroker", subscribe: Callable[[], Subscription]
) -> None:
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
        _publish(broker.simulator_url, *(b"%d" % number for number in range(6)))
        taken = _take(source, 6)
        assert _payloads(taken) == [b"%d" % number for number in range(6)]
        assert not any(delivery.message.redelivered for delivery in taken)
        source.acknowledge(taken[:4])
        until(lambda: source.in_flight == 2)
    with closing(subscribe()) as source:
        again = _take(source, 2)
        assert _payloads(again) == _payloads(taken[4:])
        assert all(delivery.message.redelivered for delivery in again)
        source.acknowledge(taken[4:])  # of the earlier connection: void
        source.acknowledge(again)
        until(lambda: source.in_flight == 0)


def test_a_message_of_qos_0_is_taken_and_needs_no_acknowledgement(
    broker: "RunningBroker", subscribe: Callable[[], Subscription], troubles: list[str | None]
) -> None:
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
        with connected(broker.simulator_url) as client:
            client.publish(TELEMETRY, b"unasked", qos=0).wait_for_publish(PATIENCE_SECONDS)
            client.publish(TELEMETRY, b"asked", qos=1).wait_for_publish(PATIENCE_SECONDS)
        taken = _take(source, 2)
        assert _payloads(taken) == [b"asked", b"unasked"]
        source.acknowledge(taken)
        until(lambda: source.in_flight == 0)
        _publish(broker.simulator_url, b"still connected")
        assert _payloads(_take(source, 1)) == [b"still connected"]
    assert troubles == [None]


def test_messages_published_while_nobody_listens_wait(
    broker: "RunningBroker", subscribe: Callable[[], Subscription]
) -> None:
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
    _publish(broker.simulator_url, b"while away")
    with closing(subscribe()) as source:
        assert _payloads(_take(source, 1)) == [b"while away"]


def test_no_two_messages_arrive_at_the_same_instant(
    broker: "RunningBroker", subscribe: Callable[[], Subscription]
) -> None:
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
    _publish(broker.simulator_url, *(b"%d" % number for number in range(50)))
    with closing(subscribe()) as source:
        arrivals = [delivery.message.received_at for delivery in _take(source, 50)]
    assert len(set(arrivals)) == 50
    assert arrivals == sorted(arrivals)


def test_a_broker_that_restarts_is_subscribed_to_again_and_the_trouble_told(
    broker: "RunningBroker", subscribe: Callable[[], Subscription], troubles: list[str | None]
) -> None:
    with closing(subscribe()) as source:
        for round_number in range(3):
            until(lambda: source.is_connected)
            _publish(broker.simulator_url, b"%d" % round_number)
            (taken,) = _take(source, 1)
            assert taken.message.payload == b"%d" % round_number
            source.acknowledge([taken])
            until(lambda: source.in_flight == 0)
            broker.server.stop()
            until(lambda: not source.is_connected)
            broker.server.start()
        until(lambda: source.is_connected)
    assert troubles[-1] is None
    assert any("trying again in 0.2 s" in str(trouble) for trouble in troubles)


def test_a_broker_that_is_not_there_is_told_and_tried_again(troubles: list[str | None]) -> None:
    endpoint = Endpoint("127.0.0.1", 9, tls=False)
    with closing(Subscription(endpoint, "test-session", "pharos/#", troubles.append)) as source:
        until(lambda: len(troubles) >= 2)
        assert not source.is_connected
    assert "127.0.0.1:9" in str(troubles[0])


def test_a_refused_subscription_is_an_error_not_a_silence(broker: "RunningBroker", troubles: list[str | None]) -> None:
    endpoint = Endpoint.parse(broker.device_url("harbour", "meter"))
    with (
        closing(Subscription(endpoint, "test-session", "pharos/v1/+/+/telemetry", troubles.append)) as source,
        pytest.raises(SubscriptionRefusedError, match="refuses the subscription to pharos/v1"),
    ):
        until(lambda: source.take(BatchLimit(1), 0.0, 0.1))


@pytest.mark.usefixtures("early_redelivery")
def test_what_a_broker_delivers_again_on_the_same_connection_is_held_once(
    broker: "RunningBroker", subscribe: Callable[[], Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered: list[int] = []
    admit = InFlight.admit

    def counting(self: InFlight, publishes: Sequence[Publish]) -> list[Publish]:
        delivered.extend(publish.packet_id for publish in publishes)
        return admit(self, publishes)

    monkeypatch.setattr(InFlight, "admit", counting)
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
        _publish(broker.simulator_url, *(b"%d" % number for number in range(6)))
        until(lambda: len(delivered) >= 18)
        assert source.in_flight == 6
        assert _payloads(source.take(BatchLimit(100), 0.0, 1.0)) == [b"%d" % number for number in range(6)]


@pytest.fixture
def _impatient(
    early_redelivery: None,  # noqa: ARG001 - what it does counts
    configure_broker: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let little fill the inbox, and let a connection on which nothing was read for two keepalives be lost, after 6 s.

    Of one it cannot write to, the broker thinks so after a second instead of 60.
    """
    configure_broker('write_deadline: "60s"', 'write_deadline: "1s"')
    monkeypatch.setattr(subscription_module, "KEEPALIVE", 3)
    monkeypatch.setattr(inbox, "FULL_BYTES", 2**20)


@pytest.mark.usefixtures("_impatient")
def test_a_connection_that_is_lost_because_nothing_was_taken_is_followed_by_one_that_is_served(
    broker: "RunningBroker", subscribe: Callable[[], Subscription], troubles: list[str | None]
) -> None:
    sent = {b"%03d" % number + b"x" * 400_000 for number in range(60)}
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
        _publish(broker.simulator_url, *sent)
        noticed = 2 * PATIENCE_SECONDS  # a loss is noticed within two keep-alives, and those are a minute
        until(lambda: source.oldest_unacknowledged is not None and any(troubles), noticed)
        waiting_since = source.oldest_unacknowledged
        until(lambda: source.is_connected, noticed)  # although nothing was taken: what waits is void and makes room
        assert source.oldest_unacknowledged == waiting_since
        stored: set[bytes] = set()
        while stored != sent:
            taken = _take(source, 1)
            stored |= {delivery.message.payload for delivery in taken}
            source.acknowledge(taken)
        until(lambda: source.in_flight == 0)
        assert source.oldest_unacknowledged is None


def test_what_is_to_be_retained_is_news_when_it_comes_and_does_not_come_again(
    broker: "RunningBroker", subscribe: Callable[[], Subscription]
) -> None:
    # The NATS server keeps it in the account of devices, where nobody reads telemetry; of Mosquitto, which gives it to
    # whoever subscribes, tests/integration/mosquitto speaks.
    with connected(broker.simulator_url) as client:
        client.publish(TELEMETRY, b"kept", qos=1, retain=True).wait_for_publish(PATIENCE_SECONDS)
    with closing(subscribe()) as source:
        until(lambda: source.is_connected)
        with connected(broker.simulator_url) as client:
            client.publish(TELEMETRY, b"news", qos=1, retain=True).wait_for_publish(PATIENCE_SECONDS)
            client.publish(TELEMETRY, b"", qos=1, retain=True).wait_for_publish(PATIENCE_SECONDS)
        assert [(one.message.payload, one.message.retained) for one in _take(source, 2)] == [
            (b"news", False),
            (b"", False),
        ]
