"""TLS in front of a PostgreSQL that was built without it: clients of the composition ask for it and check who answers.

A client asks to speak TLS before anything else (PostgreSQL, "SSL Session Encryption": length 8, code 80877103); what it
says afterwards is passed on as it is. Whoever does not ask is not let in, as by deploy/docker/pg_hba.conf.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Event, Thread

ASKED = struct.pack("!ii", 8, 80877103)


class TlsFront:
    """Listens on ``port`` and passes on to the port ``behind``, once that is set; both on loopback."""

    def __init__(self, port: int, certificate: Path, key: Path) -> None:
        self.behind = 0
        self._port = port
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate, key)
        self._served: set[asyncio.Future[None]] = set()
        self._listens = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._listens.wait()

    def close(self) -> None:
        """Stop listening and drop every connection."""
        self._loop.call_soon_threadsafe(self._leaving.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._leaving = asyncio.Event()
        async with await asyncio.start_server(self._accept, "127.0.0.1", self._port):
            self._listens.set()
            await self._leaving.wait()
        for served in self._served:
            served.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served = asyncio.ensure_future(self._serve(reader, writer))
        self._served.add(served)
        served.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _closing(writer):
            if await reader.readexactly(len(ASKED)) != ASKED:
                return
            writer.write(b"S")
            await writer.start_tls(self._context)
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.behind)
            async with _closing(server_writer):
                ways = [
                    asyncio.ensure_future(_pass_on(reader, server_writer)),
                    asyncio.ensure_future(_pass_on(server_reader, writer)),
                ]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection on leaving; what ends it before is nobody's error."""
    with suppress(OSError, EOFError):
        try:
            yield
        finally:
            writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes until it ends."""
    while read := await reader.read(65_536):
        writer.write(read)
        await writer.drain()
