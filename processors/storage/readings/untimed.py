"""Messages without time: recognised by their digest when the transport delivers them again within a window.

Two deliveries of one timed reading have the same key; an untimed one gets the time of each arrival, so its redelivery
would be stored twice. Outside of the window, or without the transport's own mark, this cannot be told.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

import numpy as np

from ingest.model.observation import IntColumn, ObservationBatch, RawMessage
from ingest.model.reading import Quality
from ingest.model.time import from_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

REDELIVERY_WINDOW: Final = timedelta(hours=1)


def receive(connection: Connection, batch: ObservationBatch, messages: Sequence[RawMessage]) -> IntColumn:
    """Record the untimed messages behind ``batch``; returns the indices of messages that had been stored before."""
    indices = np.unique(batch.message[batch.quality == Quality.ARRIVAL_TIME]).tolist()
    if not indices:
        return np.empty(0, np.int64)
    digests = {index: _digest(messages[index]) for index in indices}
    newest = from_micros(max(messages[index].received_at for index in indices))
    window = {"oldest": newest - REDELIVERY_WINDOW}
    redelivered = [digest for index, digest in digests.items() if messages[index].redelivered]
    found = connection.execute(SQL["untimed_known"], window | {"digests": redelivered}).fetchall()
    known = {bytes(digest) for (digest,) in found}
    again = [index for index, digest in digests.items() if messages[index].redelivered and digest in known]
    connection.execute(SQL["untimed_expire"], window)
    latest = {digest: messages[index].received_at for index, digest in digests.items() if index not in set(again)}
    parameters = {"digests": sorted(latest), "received_at": [from_micros(latest[digest]) for digest in sorted(latest)]}
    connection.execute(SQL["untimed_record"], parameters)
    return np.array(again, np.int64)


def _digest(message: RawMessage) -> bytes:
    return sha256(message.topic.encode("utf-8", "surrogatepass") + b"\0" + message.payload).digest()
