"""A canary for the broker: something published with QoS 1, again and again, and how long it takes to come back.

A broker whose disk was full once goes on accepting connections and stores nothing until it is started anew. It even
acknowledges what nobody subscribes to, so an acknowledgement proves nothing: what was stored comes back.
"""

import time
from collections.abc import Callable
from uuid import uuid4

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded.accounts import CANARY, CANARY_TOPIC
from deploy.settings import Address


class Canary:
    """Keeps a connection to the broker at ``address``, from construction to ``close``."""

    def __init__(self, address: Address, secret: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._published: float | None = None
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"canary{uuid4().hex}")
        self._client.username_pw_set(CANARY, secret)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 5)
        self._client.connect_async(address.host, address.port, 15)
        self._client.loop_start()

    def publish(self) -> None:
        """Publish; while nothing has come back, subscribe anew as well, since that may have been refused."""
        if not self._client.is_connected():
            return
        if self._published is None:
            self._published = self._clock()
        else:
            self._client.subscribe(CANARY_TOPIC, qos=1)
        self._client.publish(CANARY_TOPIC, b"canary", qos=1)

    @property
    def is_waiting(self) -> bool:
        """Whether something is published and has not come back yet."""
        return self._published is not None

    @property
    def silence(self) -> float:
        """For how many seconds nothing of what was published has come back; 0 while nothing is missing."""
        published = self._published
        return 0.0 if published is None else self._clock() - published

    def close(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe(CANARY_TOPIC, qos=1)

    def _on_message(self, *_: object) -> None:
        self._published = None
