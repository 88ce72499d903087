"""Bodies of requests: none is read that is larger than the limit, whether it says so before or is found out."""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpi_engine.api.errors import BodyTooLargeError
from kpi_engine.api.middleware import HttpMiddleware

MAX_BYTES: Final = 65_536
"""What a request may bring, where it is not said otherwise: a login, a name."""
MESSAGE_BYTES: Final = 2**20
"""A message, as over MQTT."""
FILE_BYTES: Final = 16_000_000
"""A city file."""
LARGER: Final = (
    (re.compile(r"/api/v1/(ingest|try)(/.*)?|/v2/notify"), MESSAGE_BYTES),
    (re.compile(r"/api/v1/cities/[^/]+/file"), FILE_BYTES),
)


class BodyLimit(HttpMiddleware):
    """Lets a resource read no more than ``most`` bytes, or what its kind needs; the server discards the rest."""

    def __init__(self, app: ASGIApp, most: int = MAX_BYTES) -> None:
        super().__init__(app)
        self._most = most

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a limit on what can be read of it."""
        announced = Headers(scope=scope).get("Content-Length", "")
        # Digits only, which the server has made sure of; a body in chunks announces nothing.
        length = int(announced) if announced.isdecimal() else 0
        read, most = 0, self._most_of(scope["path"])

        async def receive_some() -> Message:
            nonlocal read
            if length > most:
                raise BodyTooLargeError(most)
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise BodyTooLargeError(most)
            return message

        await self._app(scope, receive_some, send)

    def _most_of(self, path: str) -> int:
        """Return how many bytes a request to ``path`` may bring; where files are taken, never less than they need."""
        return next((max(most, self._most) for paths, most in LARGER if paths.fullmatch(path)), self._most)
