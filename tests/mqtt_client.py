"""A device's client in tests of what comes by MQTT."""

from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from ingest.sources.mqtt.endpoint import Endpoint


@contextmanager
def connected(url: str) -> Iterator[paho.Client]:
    """Yield a client that is connected to a broker, and may have a thousand messages on their way to it."""
    endpoint = Endpoint.parse(url)
    client = paho.Client(CallbackAPIVersion.VERSION2, clean_session=True)
    client.username_pw_set(endpoint.user, endpoint.password)
    client.max_inflight_messages_set(1000)
    client.connect(endpoint.host, endpoint.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()
