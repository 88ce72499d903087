"""Retained announcements over MQTT, for a process that subscribes to nothing: news, which a later one replaces.

What cannot go out now is left out, so nobody ever waits for the broker.
"""

from typing import Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from ingest.backoff import CEILING
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.subscription import KEEPALIVE

RETRY_FIRST: Final = 1  # seconds; paho takes whole ones


class Announcer:
    """Keeps a connection to ``endpoint``, from construction to ``close``."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
        endpoint.introduce(self._client)
        self._client.reconnect_delay_set(RETRY_FIRST, int(CEILING))
        self._client.connect_async(endpoint.host, endpoint.port, KEEPALIVE)
        self._client.loop_start()

    @property
    def is_connected(self) -> bool:
        """Whether what is announced now goes out now."""
        return self._client.is_connected()

    def announce(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 1, to be retained by the broker."""
        self._client.publish(topic, payload, qos=1, retain=True)

    def command(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 0 to whoever listens now."""
        self._client.publish(topic, payload, qos=0)

    def close(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()
