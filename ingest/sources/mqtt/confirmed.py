"""Publishing over MQTT that is confirmed: it returns when the broker has acknowledged everything, or raises.

A client that failed is given up with whatever it still holds, and a new one is made: what was not confirmed is sent
again by the caller, in its order.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from ingest.errors import BrokerUnavailableError
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.subscription import KEEPALIVE
from ingest.wording import in_words

PATIENCE_SECONDS: Final = 20.0  # for the acknowledgements of one portion
CONNECT_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.05


class Message(NamedTuple):
    """What is published; ``is_retained``: the broker keeps it for those who come later."""

    topic: str
    payload: bytes
    is_retained: bool


class ConfirmedPublisher:
    """Publishes to ``endpoint`` with quality of service 1; connects when there is something to say."""

    def __init__(self, endpoint: Endpoint, patience: float = PATIENCE_SECONDS) -> None:
        self._endpoint, self._patience = endpoint, patience
        self._client: paho.Client | None = None

    def publish(self, messages: Sequence[Message]) -> None:
        """Return when the broker has all of ``messages``, in their order; raises BrokerUnavailableError."""
        try:
            client = self._connected()
            given = [client.publish(one.topic, one.payload, qos=1, retain=one.is_retained) for one in messages]
            until = time.monotonic() + self._patience
            for info in given:
                info.wait_for_publish(max(0.0, until - time.monotonic()))
                if not info.is_published():
                    raise OSError(f"no acknowledgement within {self._patience:g} s")  # noqa: TRY301 - as paho's own
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            raise BrokerUnavailableError(f"the broker {self._endpoint} does not take it: {in_words(error)}") from error

    def close(self) -> None:
        """End the connection, and forget what was not confirmed."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, RuntimeError):
                client.disconnect()
            client.loop_stop()

    def _connected(self) -> paho.Client:
        if self._client is None:
            client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
            client.connect_timeout = CONNECT_SECONDS
            self._endpoint.introduce(client)
            client.connect(self._endpoint.host, self._endpoint.port, KEEPALIVE)
            client.loop_start()
            self._client = client
        until = time.monotonic() + CONNECT_SECONDS
        while not self._client.is_connected():
            if time.monotonic() >= until:
                raise OSError("it does not let us in")
            time.sleep(LOOK_SECONDS)
        return self._client
