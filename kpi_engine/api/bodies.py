"""Bodies of requests: none is read that is larger than the limit, whether it says so before or is found out."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpi_engine.api.errors import BodyTooLargeError
from kpi_engine.api.middleware import HttpMiddleware

MAX_BYTES: Final = 65_536
"""What a request may bring: the largest body that any resource needs is a token."""


class BodyLimit(HttpMiddleware):
    """Lets a resource read no more than ``most`` bytes; what it does not read is discarded by the server."""

    def __init__(self, app: ASGIApp, most: int = MAX_BYTES) -> None:
        super().__init__(app)
        self._most = most

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a limit on what can be read of it."""
        announced = Headers(scope=scope).get("Content-Length", "")
        # Digits only, which the server has made sure of; a body in chunks announces nothing.
        length = int(announced) if announced.isdecimal() else 0
        read = 0

        async def receive_some() -> Message:
            nonlocal read
            if length > self._most:
                raise BodyTooLargeError(self._most)
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise BodyTooLargeError(self._most)
            return message

        await self._app(scope, receive_some, send)
