"""The subscriptions to the topics of bindings: opened and ended as city files say, while the role runs.

Each filter has a session of its own, since the NATS server limits what one session may have in flight. A filter whose
binding has gone stays subscribed until nothing has come for a while: what the broker had acknowledged is taken and
refused, so that somebody sees it, and then the session ends.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from deploy.causes import STARTING, Unreadiness
from deploy.roles import metrics
from ingest.sources.mqtt.endpoint import Endpoint
from ingest.sources.mqtt.fair_queue import Delivery
from ingest.sources.mqtt.inbox import Inbox
from ingest.sources.mqtt.kept_sessions import KeptSessions
from ingest.sources.mqtt.subscription import Report, Subscription

QUIET_SECONDS: Final = 60.0  # longer than the NATS server waits before it delivers again
PEER: Final = "broker (bindings)"

log = structlog.get_logger(__name__)


class BoundIntake:
    """The sessions of ``kept`` at ``endpoint``, which fill ``inbox``, from the first ``follow`` to ``close``."""

    def __init__(
        self, endpoint: Endpoint, kept: KeptSessions, inbox: Inbox, causes: Unreadiness, quiet: float = QUIET_SECONDS
    ) -> None:
        self._endpoint, self._kept, self._inbox, self._causes, self._quiet = endpoint, kept, inbox, causes, quiet
        self._wanted: Sequence[str] | None = None
        self._open: dict[str, Subscription] = {}
        self._leaving: dict[str, float] = {}  # since when nobody wants it (time.monotonic)

    @property
    def in_flight(self) -> int:
        """Messages delivered and not acknowledged yet."""
        return sum(each.in_flight for each in self._open.values())

    @property
    def oldest_unacknowledged(self) -> float | None:
        """When the oldest of them arrived (time.monotonic); None when all are acknowledged."""
        oldest = (each.oldest_unacknowledged for each in list(self._open.values()))
        return min((since for since in oldest if since is not None), default=None)

    def follow(self, filters: Sequence[str]) -> None:
        """Subscribe to ``filters``, and to no other one for long."""
        if filters is not self._wanted:
            self._wanted = filters
            self._change(frozenset(filters))
        for topic_filter in [each for each, since in self._leaving.items() if self._is_quiet(each, since)]:
            self._end(topic_filter)

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Tell the broker that ``deliveries``, of whichever subscription, are stored."""
        for each in self._open.values():
            if each.in_flight:
                each.acknowledge(deliveries)

    def close(self) -> None:
        """End the connections; the sessions stay with the broker."""
        for topic_filter, each in self._open.items():
            each.close()
            self._causes.clear(_cause(topic_filter))

    def _change(self, wanted: frozenset[str]) -> None:
        known = self._kept.filters() | self._open.keys()
        for topic_filter in sorted((wanted | known) - self._open.keys()):
            self._causes.set(_cause(topic_filter), STARTING)
            identity = self._kept.client_id(topic_filter)
            self._open[topic_filter] = Subscription(
                self._endpoint,
                identity,
                topic_filter,
                self._reporter(topic_filter),
                inbox=self._inbox,
                is_insistent=True,
            )
        now = time.monotonic()
        self._leaving = {each: self._leaving.get(each, now) for each in known - wanted}

    def _is_quiet(self, topic_filter: str, since: float) -> bool:
        source = self._open[topic_filter]
        is_done = source.is_connected and source.oldest_unacknowledged is None
        return is_done and time.monotonic() - max(since, source.delivered_at) > self._quiet

    def _end(self, topic_filter: str) -> None:
        self._open.pop(topic_filter).close()
        self._causes.clear(_cause(topic_filter))
        del self._leaving[topic_filter]
        try:
            self._kept.remove(topic_filter, self._endpoint)
        except OSError as error:
            log.warning("the session of a former binding stays until the next start", cause=str(error))
        else:
            log.info("the session of a former binding is ended", filter=topic_filter)

    def _reporter(self, topic_filter: str) -> Report:
        report: Callable[[str | None], None] = metrics.reporter(self._causes, _cause(topic_filter), PEER)

        def keep_and_report(sentence: str | None) -> None:
            if sentence is None:
                self._kept.add(topic_filter)
            report(sentence)

        return keep_and_report


def _cause(topic_filter: str) -> str:
    return f"broker ({topic_filter})"
