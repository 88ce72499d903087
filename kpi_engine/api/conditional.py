"""Conditional requests (RFC 9110): every answer has a tag of what it says, and who has that already is told so.

Where a resource knows a version of what it would read, an answer that was given of that version is not made again: a
304 costs that look and no more. The tags are kept in memory; what was forgotten is made again and compared.
"""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from kpi_engine.api.access import Access
from kpi_engine.api.middleware import HttpMiddleware
from kpi_engine.api.parameters import PREFIX
from kpi_engine.errors import KpiError

MOST: Final = 10_000
DESCRIPTION: Final = "/openapi.json"


class NotModifiedError(KpiError):
    """The caller has the answer already."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__("not modified")


class AnswerTags:
    """The tags of answers by what was asked and by whom, each with the version of what was read for it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[Hashable, tuple[Hashable, str]] = OrderedDict()  # the last one used stands last

    def of(self, asked: Hashable, version: Hashable) -> str | None:
        """Return the tag of the answer that was given of ``version``; None where none is remembered."""
        with self._lock:
            known, tag = self._known.get(asked, (None, None))
            if tag is None or known != version:
                return None
            self._known.move_to_end(asked)
            return tag

    def keep(self, asked: Hashable, version: Hashable, tag: str) -> None:
        """Remember the tag of an answer."""
        with self._lock:
            self._known[asked] = version, tag
            self._known.move_to_end(asked)
            if len(self._known) > self._most:
                self._known.popitem(last=False)


def unless_known(request: Request, access: Access, version: Hashable | None) -> None:
    """Raise NotModifiedError where the caller has the answer of this ``version``; None: no version is known.

    To be asked before the answer is read, and after everything that may refuse the request.
    """
    if version is None:
        return
    tags: AnswerTags = request.app.state.tags
    token = access.caller.token
    scope = None if token.cities is None else tuple(token.cities)
    asked = (token.role, scope, request.url.path, tuple(sorted(request.query_params.multi_items())))
    request.state.version = asked, version
    tag = tags.of(asked, version)
    if tag is not None and matches(request.headers.get("If-None-Match"), tag):
        raise NotModifiedError(tag)


def install(app: FastAPI) -> None:
    """Let ``app`` answer NotModifiedError."""
    app.add_exception_handler(NotModifiedError, _not_modified)


class ConditionalRequests(HttpMiddleware):
    """Gives answers their tags; before they are compressed, since a tag is of what they say (a weak one)."""

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer with a tag, or with 304."""
        if scope["method"] != "GET" or not (scope["path"].startswith(PREFIX) or scope["path"] == DESCRIPTION):
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def send_tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                start = message
                return
            if start is not None:
                first, start = start, None
                if not message.get("more_body", False):
                    first, message = _tagged(scope, first, message)
                await send(first)
            await send(message)

        await self._app(scope, receive, send_tagged)


def _tagged(scope: Scope, start: Message, body: Message) -> tuple[Message, Message]:
    """Return an answer with its tag, or that the caller has it."""
    tag = f'W/"{sha256(body.get("body", b"")).hexdigest()[:32]}"'
    if version := scope.get("state", {}).get("version"):
        scope["app"].state.tags.keep(*version, tag)
    headers = MutableHeaders(scope=start)
    headers["ETag"] = tag
    if matches(Headers(scope=scope).get("If-None-Match"), tag):
        del headers["Content-Length"]
        del headers["Content-Type"]
        return {**start, "status": HTTPStatus.NOT_MODIFIED}, {**body, "body": b""}
    return start, body


def matches(asked: str | None, tag: str) -> bool:
    """Whether If-None-Match names a tag; strong and weak ones compare alike (RFC 9110, 13.1.2)."""
    named = [one.strip().removeprefix("W/") for one in (asked or "").split(",")]
    return "*" in named or tag.removeprefix("W/") in named


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModifiedError)  # noqa: S101 - registered for this class only; tells the type checker
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": error.tag})
