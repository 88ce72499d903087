"""The body of a request as it came: read when it is known who sends it, so that nobody else makes us read it."""

from typing import Annotated, Final

from fastapi import Depends, Request

from kpi_engine.api.errors import UnsupportedMediaError

IDENTITY: Final = frozenset({"", "identity"})


async def _read(request: Request) -> bytes:
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in IDENTITY:
        raise UnsupportedMediaError(
            f"the body is compressed ({coding[:40]!r}); expected it as it is, without Content-Encoding. It was not read"
        )
    return await request.body()


RawBody = Annotated[bytes, Depends(_read)]
"""Named after what permits the request: dependencies are met in their order."""
