"""Metrics of requests. Their labels are bounded: methods that exist, templates of resources, classes of status."""

from time import perf_counter
from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import Message, Receive, Scope, Send

from kpi_engine.api import parameters
from kpi_engine.api.middleware import HttpMiddleware

REQUESTS: Final = Counter("pharos_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS: Final = Histogram(
    "pharos_http_request_seconds", "From the headers of a request to those of its answer.", ["method", "route"]
)
IN_FLIGHT: Final = Gauge("pharos_http_requests_in_flight", "Requests being answered now, event streams included.")

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"


class RequestMetrics(HttpMiddleware):
    """Counts and times every request."""

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and take note of its answer; an exception is answered as 500 further out."""
        began, is_counted = perf_counter(), False

        def count(status: int) -> None:
            nonlocal is_counted
            is_counted = True
            method = scope["method"] if scope["method"] in METHODS else OTHER
            route = parameters.template(scope) or OTHER
            REQUESTS.labels(method, route, f"{status // 100}xx").inc()
            SECONDS.labels(method, route).observe(perf_counter() - began)

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        with IN_FLIGHT.track_inprogress():
            try:
                await self._app(scope, receive, send_and_count)
            except Exception:  # counted, then raised to whoever answers
                if not is_counted:
                    count(500)
                raise
