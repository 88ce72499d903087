"""TLS in front of a PostgreSQL that was built without it: clients of the composition ask for it and check who answers.

A client asks to speak TLS before anything else (PostgreSQL, "SSL Session Encryption": length 8, code 80877103); what it
says afterwards is passed on as it is. Whoever does not ask is not let in, as by deploy/docker/pg_hba.conf.
"""

import asyncio
import ssl
import struct
from pathlib import Path

from tests.front import Front

ASKED = struct.pack("!ii", 8, 80877103)


class TlsFront(Front):
    """Listens on ``port`` and passes on to the port ``behind``, once that is set; both on loopback."""

    def __init__(self, port: int, certificate: Path, key: Path) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate, key)
        super().__init__(port)

    async def is_let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Speak TLS with who asks for it; nobody else is passed on."""
        if await reader.readexactly(len(ASKED)) != ASKED:
            return False
        writer.write(b"S")
        await writer.start_tls(self._context)
        return True
