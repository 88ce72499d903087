"""What stands between the server and the resources: each takes a request and passes it on (ASGI)."""

from abc import ABC, abstractmethod

from starlette.types import ASGIApp, Receive, Scope, Send


class HttpMiddleware(ABC):
    """Passes all but requests of HTTP on untouched; what is done with those, a subclass says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take what the server hands over."""
        if scope["type"] == "http":
            await self._take(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    @abstractmethod
    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request and pass it on."""
