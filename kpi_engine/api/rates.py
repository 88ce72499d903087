"""How often a caller may ask, or a sender may post: so many a second, and a store of them for what it did not use."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from threading import Lock
from typing import Final

from fastapi import Request

from kpi_engine.api import logins
from kpi_engine.api.errors import TooManyRequestsError
from kpi_engine.api.parameters import PREFIX

MOST_CALLERS: Final = 20_000


@dataclass(frozen=True)
class Rate:
    """``a_second`` and ``at_once``; ``whose`` they are and what helps, in words."""

    a_second: float
    at_once: float
    whose: str
    helps: str


MESSAGES: Final = Rate(50.0, 500.0, "messages of one sender", "Send it again then, or more readings in a message")
REQUESTS: Final = Rate(100.0, 1000.0, "requests of one token", "Ask again then, or for more in one request")


class RequestRates:
    """Counts requests by credential, as a bucket that fills evenly (token bucket)."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._lock = Lock()
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()  # the last to ask stands last

    def take(self, credential: bytes) -> None:
        """Count a request of ``credential``; raises TooManyRequestsError where it has none left."""
        rate = self._rate
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(credential, (rate.at_once, now))
            left = min(rate.at_once, left + (now - since) * rate.a_second)
            self._left[credential] = (left - 1 if left >= 1 else left), now
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        if left < 1:
            seconds = ceil((1 - left) / rate.a_second)
            raise TooManyRequestsError(
                f"more than {rate.a_second:g} {rate.whose} a second, and {rate.at_once:g} at once; "
                f"nothing was done. {rate.helps}: in {seconds} s",
                retry_after=seconds,
            )


def credential(request: Request) -> bytes:
    """Return a digest of the token, or of the cookie, that a request comes with, unlooked at."""
    given = request.headers.get("Authorization") or request.cookies.get(logins.COOKIE, "")
    return sha256(given.encode()).digest()


async def check(request: Request) -> None:
    """Refuse a request to a resource where its token, or without one its address, asks too often.

    To be asked first: it looks at nothing but the header, and holds neither a thread nor a connection.
    """
    if request.url.path.startswith(PREFIX):
        rates: RequestRates = request.app.state.request_rates
        is_known = "Authorization" in request.headers or logins.COOKIE in request.cookies
        address = request.client.host if request.client else ""
        rates.take(credential(request) if is_known else sha256(f"address {address}".encode()).digest())
