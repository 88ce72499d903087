"""What stands in front of a server and passes on what is said: a line that can be cut while the server runs on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Event, Thread


class Front:
    """Listens on ``port`` and passes on to the port ``behind``; both on loopback."""

    def __init__(self, port: int, behind: int = 0) -> None:
        self.behind = behind
        self.port = port
        self._served: set[asyncio.Future[None]] = set()
        self._listens = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._listens.wait()

    def close(self) -> None:
        """Stop listening and drop every connection; a second time it changes nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._leaving.set)
            self._thread.join()

    async def is_let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether who connects is passed on; everybody is."""
        del reader, writer
        return True

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._leaving = asyncio.Event()
        async with await asyncio.start_server(self._accept, "127.0.0.1", self.port):
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
            if not await self.is_let_in(reader, writer):
                return
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
