"""Response headers that keep the console to itself: no foreign script, frame, or request (OWASP Secure Headers)."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from kpi_engine.api.middleware import HttpMiddleware

# The chart library writes style elements of its own, so inline style is allowed; scripts are this server's files only.
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders(HttpMiddleware):
    """Adds the headers to every response that does not set them itself."""

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the response what it does not set itself."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # An upgrade of the console shows at once; answers of the API stay in no cache at all.
                headers.setdefault("Cache-Control", "no-store" if scope["path"].startswith("/api/") else "no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)
