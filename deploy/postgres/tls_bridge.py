"""TLS for programs of PostgreSQL that were built without it, as those of the wheel are.

They speak in the clear to a socket in a folder that only we may enter; from there on what they say is encrypted, and
who answers is checked as ``sslmode`` and ``sslrootcert`` of the URL ask (PostgreSQL, "SSL Session Encryption").
"""

import asyncio
import shutil
import ssl
import struct
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

from deploy.errors import BackupError

ASKING: Final = struct.pack("!ii", 8, 80877103)
PORT: Final = 5432  # names the socket's file; nothing listens there
ENCRYPTED: Final = {"require", "verify-ca", "verify-full"}
PIECE_BYTES: Final = 262_144
PATIENCE_SECONDS: Final = 10.0


def is_asked(parts: dict[str, str]) -> bool:
    """Tell whether a connection, by libpq's names, has to be encrypted."""
    return parts.get("sslmode") in ENCRYPTED


@contextmanager
def bridge(parts: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield where a program connects in place of ``parts`` (host, port, sslmode, ...) while the block lasts."""
    try:
        context = _context(parts)
    except OSError as error:
        raise BackupError(
            f"{parts.get('sslrootcert')}: {error.strerror}; expected the authority's certificate"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="pharos-tls-"))  # 0700
    bridged = _Bridge(folder / f".s.PGSQL.{PORT}", parts["host"], int(parts.get("port") or 5432), context)
    try:
        yield {
            **{name: value for name, value in parts.items() if not name.startswith("ssl") and name != "hostaddr"},
            "host": str(folder),
            "port": str(PORT),
        }
    finally:
        bridged.close()
        shutil.rmtree(folder, ignore_errors=True)


def _context(parts: dict[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=parts.get("sslrootcert"))
    context.check_hostname = parts["sslmode"] == "verify-full"
    if parts["sslmode"] == "require" and not parts.get("sslrootcert"):
        context.verify_mode = ssl.CERT_NONE
    return context


class _Bridge:
    """Listens on ``socket`` in a thread of its own until it is closed."""

    def __init__(self, socket: Path, host: str, port: int, context: ssl.SSLContext) -> None:
        self._socket, self._host, self._port, self._context = socket, host, port, context
        self._served: set[asyncio.Task[None]] = set()
        self._listens = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), name="tls bridge", daemon=True)
        self._thread.start()
        self._listens.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._leaving.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._leaving = asyncio.Event()
        server = await asyncio.start_unix_server(self._accept, self._socket)
        self._listens.set()
        await self._leaving.wait()
        server.close()
        for served in self._served:
            served.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._served.add(task)
        task.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with self._connected() as (answers, there):
                await _both(_pass_on(reader, there), _pass_on(answers, writer))
        except (OSError, EOFError, TimeoutError) as error:
            writer.write(_refusal(f"{self._host}:{self._port}: {error or type(error).__name__}"))
            with suppress(OSError):
                await writer.drain()
        finally:
            writer.close()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port)
        plain = writer.transport
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                writer.write(ASKING)
                if await reader.readexactly(1) != b"S":
                    raise ConnectionError("the database does not speak TLS")
                await writer.start_tls(self._context, server_hostname=self._host)
            yield reader, writer
        finally:
            writer.transport.abort()
            plain.abort()


async def _both(*ways: Coroutine[None, None, None]) -> None:
    """Let both ways run until one of them ends: what is said by whoever ends first has been passed on by then."""
    running = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in running:
            way.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while read := await reader.read(PIECE_BYTES):
        writer.write(read)
        await writer.drain()


def _refusal(message: str) -> bytes:
    """Return an error as a server says it before anybody has logged in (PostgreSQL, "Message Formats")."""
    fields = b"".join(
        code + text.encode() + b"\0" for code, text in ((b"S", "FATAL"), (b"C", "08001"), (b"M", message))
    )
    return b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0"
