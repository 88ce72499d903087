"""Keeps what devices say of themselves."""

from collections.abc import Sequence
from typing import Final

from ingest.model.observation import DeviceStatus
from ingest.model.time import from_micros
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def record(connection: Connection, statuses: Sequence[DeviceStatus]) -> None:
    """Keep ``statuses``, one per device, within the caller's transaction."""
    ordered = sorted(statuses)  # writers that meet lock the rows in the same order
    if ordered:
        connection.execute(
            SQL["status_record"],
            {
                "device_id": [status.device_id for status in ordered],
                "online": [status.online for status in ordered],
                "at": [from_micros(status.at) for status in ordered],
            },
        )
