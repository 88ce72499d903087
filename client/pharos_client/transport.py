"""Requests to Pharos: with a token, again after a pause where it asks for one, and not twice for the same answer."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import httpx

from pharos_client.errors import PharosError

LATER: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
TRIES: Final = 5
LONGEST_PAUSE: Final = 60.0
MOST_KEPT: Final = 64
LARGEST_KEPT: Final = 1 << 20

Query = Mapping[str, Any]


class Transport:
    """Asks one Pharos. ``pause`` sleeps for so many seconds."""

    def __init__(self, client: httpx.Client, pause: Callable[[float], None] = time.sleep) -> None:
        self._client, self._pause = client, pause
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()  # by address: tag and body, the last one last

    def get(self, path: str, query: Query) -> Any:  # noqa: ANN401 - what JSON has
        """Return what a resource answers; raises PharosError where it is refused."""
        asked = self._client.build_request("GET", path, params=_written(query))
        address = str(asked.url)
        tag, body = self._kept.get(address, ("", b""))
        if tag:
            asked.headers["If-None-Match"] = tag
        answer = self._patiently(lambda: self._client.send(asked))
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            answer = httpx.Response(HTTPStatus.OK, content=body)
        elif answer.is_error:
            raise _refused(answer)
        elif (tag := answer.headers.get("ETag", "")) and len(answer.content) <= LARGEST_KEPT:
            self._kept[address] = tag, answer.content
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return answer.json()

    @contextmanager
    def stream(self, path: str, query: Query) -> Iterator[Iterator[bytes]]:
        """Open what a resource answers, part by part; raises PharosError where it is refused."""
        asked = self._client.build_request("GET", path, params=_written(query), timeout=None)
        answer = self._patiently(lambda: self._client.send(asked, stream=True))
        try:
            if answer.is_error:
                answer.read()
                raise _refused(answer)
            yield answer.iter_bytes()
        finally:
            answer.close()

    def _patiently(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask again where Pharos says when to; after some tries its answer stands."""
        answer = send()
        for _ in range(TRIES - 1):
            if answer.status_code not in LATER:
                break
            answer.close()
            self._pause(min(float(answer.headers.get("Retry-After", "1")), LONGEST_PAUSE))
            answer = send()
        return answer


def _written(query: Query) -> dict[str, Any]:
    """Return a query without what is not asked for."""
    return {name: value for name, value in query.items() if value is not None and value != ()}


def _refused(answer: httpx.Response) -> PharosError:
    try:
        return PharosError.of(answer.status_code, answer.json())
    except ValueError:
        return PharosError(answer.status_code, answer.reason_phrase)
