"""MQTT 3.1.1 as a source: one persistent session per subscription, acknowledged by the caller after it has stored.

QoS 1, clean_session false, manual acknowledgement. The connection is kept by a thread of its own, which alone touches
the client: losing it is visible, and trying again never takes longer than 10 s. Acknowledgements of
an earlier connection are void: the broker delivers those messages again, and storing is idempotent. What of an earlier
connection still waits in the inbox is dropped, so that its room is there for what is delivered again: an inbox that is
full of void messages would leave a new connection unread until the broker gives it up, for ever.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.backoff import Backoff
from ingest.errors import SubscriptionRefusedError
from ingest.model.observation import RawMessage
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.buffered_client import BufferedClient
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.fair_queue import Delivery
from ingest.sources.mqtt.in_flight import InFlight
from ingest.sources.mqtt.inbox import Inbox
from ingest.sources.mqtt.publish_packets import Publish

KEEPALIVE: Final = 30  # seconds; a busy machine may take many to answer
GREETING_SECONDS: Final = 20.0  # without a word of the broker until it has accepted connection and subscription
IDLE_SECONDS: Final = 0.5  # between two looks at keepalive while nothing arrives
BURST: Final = 100  # times the socket is read before anything is written

log = structlog.get_logger(__name__)

Report = Callable[[str | None], None]


class Subscription:
    """One session, one filter; ``report`` is told of trouble as a sentence, and None when it is over.

    ``inbox``: one that several subscriptions fill, and that is taken from through any of them. ``is_insistent``: a
    broker that refuses the filter is asked again, since its rights may follow; without it that is an error.
    """

    def __init__(  # noqa: PLR0913 - where, who, what, and how
        self,
        endpoint: Endpoint,
        client_id: str,
        topic_filter: str,
        report: Report,
        *,
        inbox: Inbox | None = None,
        is_insistent: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._filter = topic_filter
        self._report = report
        self.inbox = Inbox() if inbox is None else inbox  # an empty one is false
        self._is_insistent = is_insistent
        self.delivered_at = time.monotonic()
        self._client = self._new_client(client_id)
        self._connection = object()
        self._lost: list[object] = []
        self._is_subscribed = False
        self._in_flight = InFlight()
        self._owed_since: float | None = None  # what an earlier connection left unacknowledged, until anything is
        self._newest_arrival = 0
        self._refusal: str | None = None
        self._outbox: deque[Callable[[], object]] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._closing = Event()
        self._thread = Thread(target=self._run, name=f"mqtt {topic_filter}", daemon=True)
        self._thread.start()

    @property
    def in_flight(self) -> int:
        """Messages delivered on this connection and not acknowledged yet."""
        return len(self._in_flight)

    @property
    def oldest_unacknowledged(self) -> float | None:
        """When the oldest message arrived that is not acknowledged yet (time.monotonic); None when all are.

        What was unacknowledged when a connection was lost counts until something is acknowledged on a later one.
        """
        known = [since for since in (self._owed_since, self._in_flight.oldest) if since is not None]
        return min(known, default=None)

    @property
    def is_connected(self) -> bool:
        """Whether what is posted now goes out now."""
        return self._is_subscribed

    def take(self, limit: BatchLimit, linger: float, patience: float) -> list[Delivery]:
        """Return deliveries as Inbox.take does; raises SubscriptionRefusedError when the broker refuses the filter."""
        if self._refusal:
            raise SubscriptionRefusedError(self._refusal)
        return self.inbox.take(limit, linger, patience)

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Tell the broker that ``deliveries`` are stored; those of an earlier connection are passed over."""
        self._post(lambda: self._acknowledge(deliveries))

    def close(self) -> None:
        """End the connection after what was posted before; the session stays with the broker."""
        self._closing.set()
        self._wake()
        self._thread.join()
        self._wake_reader.close()
        self._wake_writer.close()

    def _new_client(self, client_id: str) -> BufferedClient:
        client = BufferedClient(
            CallbackAPIVersion.VERSION2, client_id, clean_session=False, protocol=paho.MQTTv311, manual_ack=True
        )
        self._endpoint.introduce(client)
        client.connect_timeout = GREETING_SECONDS
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    # Of the caller's thread -------------------------------------------------------------------------------------------

    def _post(self, action: Callable[[], object]) -> None:
        self._outbox.append(action)
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full: it will wake anyway
            self._wake_writer.send(b"\0")

    # Of the connection's thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        backoff = Backoff()
        while not self._closing.is_set() and not self._refusal:
            try:
                self._converse()
                cause = "the connection was lost"
            except (OSError, ValueError) as error:
                cause = str(error)
            if self._closing.is_set() or self._refusal:
                break
            if self._is_subscribed:
                backoff.reset()
            self._is_subscribed, delay = False, backoff.next()
            self._log_problem(f"broker {self._endpoint}: {cause}; trying again in {delay:.1f} s")
            self._closing.wait(delay)
        self._client.disconnect()
        self.inbox.wake()

    def _converse(self) -> None:
        """Connect and serve the connection until it ends."""
        self._owed_since = self.oldest_unacknowledged
        self._lost.append(self._connection)
        self._connection = object()
        self._in_flight = InFlight()
        self._client.forget_read_ahead()
        self._client.connect(self._endpoint.host, self._endpoint.port, KEEPALIVE)
        self.inbox.drop(self._comes_again)
        self._lost.clear()
        self._client.received_at = time.monotonic()
        while (connected := self._client.socket()) and not self._refusal:
            if not self._is_subscribed and time.monotonic() - self._client.received_at > GREETING_SECONDS:
                raise TimeoutError(f"no answer within {GREETING_SECONDS:.0f} s")
            self._serve(connected)
            if self._closing.is_set() and not (self._is_subscribed and (self._outbox or self._client.want_write())):
                return

    def _serve(self, connected: Any) -> None:  # noqa: ANN401 - paho's sockets have no public type
        """Wait for something to do, then read, write and keep alive."""
        reading = [self._wake_reader] if self.inbox.is_full else [self._wake_reader, connected]
        writing = [connected] if self._client.want_write() else []
        decrypted = hasattr(connected, "pending") and connected.pending() > 0
        pending = not self.inbox.is_full and (self._client.has_read_ahead or decrypted)
        timeout = 0 if pending or (self._is_subscribed and self._outbox) else IDLE_SECONDS
        readable, writable, _ = select.select(reading, writing, [], timeout)
        if self._wake_reader in readable:
            with suppress(BlockingIOError):
                self._wake_reader.recv(4096)
        if connected in readable or pending:
            self._read()
        if self._is_subscribed:
            self._work_off()
        if writable and self._client.socket():
            self._client.loop_write()
        if self._client.socket():
            self._client.loop_misc()

    def _read(self) -> None:
        """Read what has arrived, so that select is called less than once per message."""
        for _ in range(BURST):
            self._deliver(self._client.read_publishes())
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or not self._client.has_read_ahead:
                return

    def _deliver(self, publishes: Sequence[Publish]) -> None:
        new = self._in_flight.admit(publishes)
        self.delivered_at = time.monotonic()
        # What was read at once still arrived one after the other: readings without a time must not share their instant.
        first = max(time.time_ns() // 1000, self._newest_arrival + 1)
        self._newest_arrival = first + len(new) - 1
        connection = self._connection
        self.inbox.put(
            [
                Delivery(
                    RawMessage(_topic(one.topic), one.payload, arrival, one.dup, one.retain), one.packet_id, connection
                )
                for arrival, one in enumerate(new, first)
            ]
        )

    def _comes_again(self, delivery: Delivery) -> bool:
        return delivery.packet_id > 0 and delivery.connection in self._lost

    def _work_off(self) -> None:
        while self._outbox:
            self._outbox.popleft()()

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        current = [delivery.packet_id for delivery in deliveries if delivery.connection is self._connection]
        # A message of QoS 0 has no packet id and no acknowledgement; a broker ends the connection over an id of 0.
        self._client.acknowledge([packet_id for packet_id in current if packet_id], GREETING_SECONDS)
        self._in_flight.settle(current)
        if current:
            self._owed_since = None

    def _on_connect(
        self, client: paho.Client, userdata: object, flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del userdata, flags, properties
        if reason.is_failure:
            raise ConnectionRefusedError(f"the broker does not let us in: {reason}")
        client.subscribe(self._filter, qos=1)

    def _on_subscribe(
        self, client: paho.Client, userdata: object, mid: int, reasons: list[ReasonCode], properties: Properties | None
    ) -> None:
        del client, userdata, mid, properties
        if any(reason.is_failure for reason in reasons):
            refusal = f"broker {self._endpoint} refuses the subscription to {self._filter}: check ingest's rights"
            if self._is_insistent:
                raise ConnectionRefusedError(refusal)
            self._refusal = refusal
            self._log_problem(refusal)
            return
        self._is_subscribed = True
        self._report(None)
        log.info("subscribed", broker=str(self._endpoint), filter=self._filter)

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        # paho keeps the topic as bytes and decodes it when asked, raising when it is not UTF-8
        self._deliver([Publish(message._topic, bytes(message.payload), message.mid, message.dup, message.retain)])

    def _log_problem(self, sentence: str) -> None:
        self._report(sentence)
        log.warning("broker lost", cause=sentence)


def _topic(topic: bytes) -> str:
    try:
        return topic.decode("utf-8")
    except UnicodeDecodeError:
        return "(not UTF-8)"
