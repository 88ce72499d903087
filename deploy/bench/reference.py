"""What the same work costs at least: MQTT read by asyncio, decoded by msgspec, stored by COPY, then acknowledged.

No plausibility, no ledger, no marks, no rollups, no answer to devices; but nothing is stored twice, and nothing is
acknowledged before it is stored. Run as: python -m deploy.bench.reference MQTT_PORT DATABASE_URL
"""

import asyncio
import sys
from typing import Final

import msgspec
import numpy as np
import psycopg

from ingest.sources.mqtt.publish_packets import Publish, whole_publishes
from processors.storage.binary_copy import ColumnType, Layout
from processors.storage.statements import statements
from simulators.load import QUANTITIES, mqtt_length, mqtt_text

SQL: Final = statements("deploy.bench.reference")  # as a program it is called __main__

MESSAGES: Final = 1_250  # some 5,000 readings, where COPY is at its best
PUBACK: Final = 0x4002
_LAYOUT: Final = Layout([ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE])


class _Message(msgspec.Struct, gc=False):
    time: int
    values: dict[str, float]


class _Reader(asyncio.Protocol):
    """Reads messages of QoS 1, and keeps them until they are taken."""

    def __init__(self) -> None:
        self._buffer = b""
        self.waiting: list[Publish] = []
        self.arrived = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Subscribe; the broker's two answers are passed over in ``data_received``."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection makes
        self.transport = transport
        connect = mqtt_text(b"MQTT") + b"\x04\x02\0\0" + mqtt_text(b"reference")
        subscribe = b"\0\1" + mqtt_text(b"pharos/v1/+/+/telemetry") + b"\1"
        transport.write(b"\x10" + mqtt_length(len(connect)) + connect)
        transport.write(b"\x82" + mqtt_length(len(subscribe)) + subscribe)

    def data_received(self, data: bytes) -> None:
        """Keep the messages that are whole."""
        self._buffer += data
        while self._buffer[:1] in {b"\x20", b"\x90"} and len(self._buffer) > self._buffer[1] + 1:
            self._buffer = self._buffer[2 + self._buffer[1] :]
        found, position = whole_publishes(self._buffer, 0)
        self._buffer = self._buffer[position:]
        self.waiting += found
        if self.waiting:
            self.arrived.set()

    def acknowledge(self, messages: list[Publish]) -> None:
        """Tell the broker that messages are stored."""
        packets = np.full((len(messages), 2), PUBACK, ">u2")
        packets[:, 1] = [message.packet_id for message in messages]
        self.transport.write(packets.tobytes())


async def run(port: int, url: str) -> None:
    """Store what comes, for ever."""
    decode, devices = msgspec.json.Decoder(_Message).decode, dict[bytes, int]()
    async with await psycopg.AsyncConnection.connect(url, application_name="reference") as connection:
        await connection.execute(SQL["reference_table"])
        await connection.execute(SQL["incoming_table"])
        await connection.commit()
        _, reader = await asyncio.get_running_loop().create_connection(_Reader, "127.0.0.1", port)
        while True:
            await reader.arrived.wait()
            messages, reader.waiting = reader.waiting[:MESSAGES], reader.waiting[MESSAGES:]
            if not reader.waiting:
                reader.arrived.clear()
            device = [devices.setdefault(message.topic, len(devices)) for message in messages]
            decoded = [decode(message.payload) for message in messages]
            series = np.array(device)[:, None] * len(QUANTITIES) + np.arange(len(QUANTITIES))
            times = np.repeat(np.array([message.time for message in decoded]) * 1000, len(QUANTITIES))
            values = np.array([list(message.values.values()) for message in decoded])
            await _store(connection, _LAYOUT.encode([series.ravel(), times, values.ravel()]))
            reader.acknowledge(messages)


async def _store(connection: psycopg.AsyncConnection, rows: bytes) -> None:
    """Copy rows; where one is known, beside the table first."""
    try:
        async with (
            connection.transaction(),
            connection.cursor() as cursor,
            cursor.copy(SQL["reference_copy"]) as copy,
        ):
            await copy.write(rows)
    except psycopg.errors.UniqueViolation:
        async with connection.transaction(), connection.cursor() as cursor:
            async with cursor.copy(SQL["incoming_copy"]) as copy:
                await copy.write(rows)
            await cursor.execute(SQL["incoming_store"])


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), sys.argv[2]))
