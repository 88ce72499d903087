"""Publishing by MQTT with quality of service 1, each message with a receipt; and the feedback to devices.

paho resends what was not acknowledged when it is connected again. A receipt is whatever the caller hands in with a
message.
"""

import ssl
from collections import deque
from pathlib import Path
from threading import Event
from typing import Final, Generic, TypeVar
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.errors import SimulationError

Receipt = TypeVar("Receipt")

LONGEST_WAIT_SECONDS: Final = 10  # between two attempts to connect
QUEUE: Final = 10_000  # messages that may wait for a broker that is away
FEEDBACK_KEPT: Final = 1_000  # messages that are kept until somebody asks

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_log = structlog.get_logger(__name__)


class Outbox(Generic[Receipt]):
    """Messages on their way to one broker. Made, used and asked from one thread; paho's own thread does the sending."""

    def __init__(self, url: str, in_flight: int = 64, ca_file: Path | None = None, listen: str = "") -> None:
        """Take ``url`` as mqtt://user:password@host:port (mqtts:// for TLS); raise SimulationError for any other.

        ``ca_file``: the certificate authorities to trust instead of the system's. ``listen``: what to subscribe to.
        """
        self._address = _address(url)
        self._client = _client(url, in_flight, ca_file)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_publish = self._published
        self._acknowledged: deque[int] = deque()
        self._waiting: dict[int, Receipt] = {}
        self._client.on_message = self._received
        self._subscription = listen
        self._feedback: deque[bytes] = deque(maxlen=FEEDBACK_KEPT)
        self._arrival = Event()

    def open(self) -> None:
        """Begin to connect, and go on trying for as long as it takes."""
        self._client.connect_async(*self._address)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes | str, receipt: Receipt) -> bool:
        """Hand a message over; False when the queue for an absent broker is full and the message is lost."""
        sent = self._client.publish(topic, payload, qos=1)
        if sent.rc == mqtt.MQTT_ERR_QUEUE_SIZE:
            return False
        self._waiting[sent.mid] = receipt
        return True

    @property
    def is_connected(self) -> bool:
        """Whether the broker has accepted us and is there."""
        return self._client.is_connected()

    @property
    def unacknowledged(self) -> int:
        """How many messages the broker has not yet acknowledged."""
        return len(self._waiting) - len(self._acknowledged)

    def receipts(self) -> list[Receipt]:
        """Return the receipts of messages acknowledged since the last call."""
        self._arrival.clear()
        done = [self._acknowledged.popleft() for _ in range(len(self._acknowledged))]
        return [self._waiting.pop(mid) for mid in done if mid in self._waiting]

    def feedback(self) -> list[bytes]:
        """Return the feedback that came since the last call, the newest of it where there is too much."""
        return [self._feedback.popleft() for _ in range(len(self._feedback))]

    def wait(self, seconds: float) -> None:
        """Return when a message is acknowledged, at the latest after ``seconds``."""
        self._arrival.wait(seconds)

    def close(self) -> None:
        """Disconnect; what is not yet acknowledged stays so."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.warning("broker_refused", broker=self._place, reason=str(reason))
        else:
            _log.info("broker_connected", broker=self._place)
            if self._subscription:
                self._client.subscribe(self._subscription, qos=0)

    def _disconnected(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.warning("broker_lost", broker=self._place, reason=str(reason), retry="within 10 s")

    def _published(
        self, _client: mqtt.Client, _data: object, mid: int, _reason: ReasonCode, _properties: Properties
    ) -> None:
        self._acknowledged.append(mid)
        self._arrival.set()

    def _received(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if not message.retain:  # feedback of before the simulation tells nothing about its messages
            self._feedback.append(bytes(message.payload))

    @property
    def _place(self) -> str:
        host, port = self._address
        return f"{host}:{port}"


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SimulationError("PHAROS_MQTT_URL: expected mqtt://user:password@host:port (mqtts:// for TLS)")
    return parts.hostname, parts.port or _PORTS[parts.scheme]


def _client(url: str, in_flight: int, ca_file: Path | None) -> mqtt.Client:
    parts = urlsplit(url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"simulator{uuid4().hex}")
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "mqtts":
        client.tls_set_context(ssl.create_default_context(cafile=ca_file))
    client.reconnect_delay_set(1, LONGEST_WAIT_SECONDS)
    client.max_inflight_messages_set(in_flight)
    client.max_queued_messages_set(QUEUE)
    return client
