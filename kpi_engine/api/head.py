"""HEAD wherever GET is: the same request without the body of the answer (RFC 9110, section 9.3.2)."""

from starlette.types import Message, Receive, Scope, Send

from kpi_engine.api.middleware import HttpMiddleware


class HeadAsGet(HttpMiddleware):
    """Has HEAD answered as GET is, and ends the answer after its headers, also that of an endless stream."""

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        has_ended = False

        async def send_headers(message: Message) -> None:
            nonlocal has_ended
            if message["type"] == "http.response.start":
                await send(message)
            elif not has_ended:
                has_ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app({**scope, "method": "GET"}, receive, send_headers)
