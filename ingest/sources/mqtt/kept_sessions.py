"""Which filters of bindings the broker keeps a queue for, in a file: ingest writes it, who grants rights may read it.

FOLDER/mqtt-bound   the filters, as JSON. Whoever may speak waits until a filter stands there: a broker forgets what
                    nobody has subscribed to. And a queue whose binding has gone is known, so that it is emptied.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from ingest.sources.mqtt.client_id import client_id
from ingest.sources.mqtt.endpoint import Endpoint

FILE: Final = "mqtt-bound"
GREETING_SECONDS: Final = 10.0


class KeptSessions:
    """The filters in a folder; used by one process, read by any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def filters(self) -> frozenset[str]:
        """Return the filters that were subscribed to; none where nothing readable says so."""
        with suppress(OSError, ValueError):
            return frozenset(map(str, json.loads((self._folder / FILE).read_text(encoding="utf-8"))))
        return frozenset()

    def client_id(self, topic_filter: str) -> str:
        """Return the client id of the session of a filter."""
        return client_id(self._folder, _purpose(topic_filter))

    def add(self, topic_filter: str) -> None:
        """Say that the broker keeps a queue for a filter."""
        self._write(lambda known: known | {topic_filter})

    def remove(self, topic_filter: str, endpoint: Endpoint) -> None:
        """End the session of a filter; raises OSError where the broker cannot be reached, and it stays then."""
        _erase(endpoint, self.client_id(topic_filter))
        self._write(lambda known: known - {topic_filter})
        (self._folder / f"mqtt-client-{_purpose(topic_filter)}").unlink(missing_ok=True)

    def _write(self, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        with self._lock:  # each subscription tells from a thread of its own
            now = change(known := self.filters())
            if now != known:
                fresh = self._folder / f".{FILE}"
                fresh.write_text(json.dumps(sorted(now)), encoding="utf-8")
                fresh.replace(self._folder / FILE)


def _purpose(topic_filter: str) -> str:
    return f"bound-{sha256(topic_filter.encode()).hexdigest()[:16]}"


def _erase(endpoint: Endpoint, name: str) -> None:
    """Connect with a clean session, which is how a broker is told to forget one."""
    client = paho.Client(CallbackAPIVersion.VERSION2, name, clean_session=True, protocol=paho.MQTTv311)
    endpoint.introduce(client)
    client.connect_timeout = GREETING_SECONDS
    if client.connect(endpoint.host, endpoint.port) != MQTTErrorCode.MQTT_ERR_SUCCESS:
        raise ConnectionError(f"broker {endpoint} does not answer")
    while not client.is_connected():
        if client.loop(GREETING_SECONDS) != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise ConnectionError(f"broker {endpoint} does not let us end a session")
    client.disconnect()
    client.loop(0.1)
