"""What devices publish over MQTT, on its way to whoever makes it durable: taken in batches, acknowledged afterwards."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from deploy.causes import STARTING, Unreadiness
from deploy.roles import metrics
from deploy.roles.bound_intake import BoundIntake
from deploy.settings import Settings
from ingest.model.observation import RawMessage
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.announcer import Announcer
from ingest.sources.mqtt.client_id import client_id
from ingest.sources.mqtt.kept_sessions import KeptSessions
from ingest.sources.mqtt.subscription import Subscription
from ingest.topics import Channel, subscription

LINGER_SECONDS: Final = 0.005
UNPLACED: Final = "broker (inbox)"
UNPLACED_AT_ONCE: Final = 100  # messages of nobody known between two batches of those who are
PATIENCE_SECONDS: Final = 0.2  # how long anything but telemetry may wait while there is none

Accept = Callable[[Sequence[RawMessage]], object]


def expect(causes: Unreadiness) -> None:
    """Say that the broker is not subscribed to yet: a role must not look ready while it has no Intake."""
    for channel in (Channel.TELEMETRY, Channel.STATUS):
        causes.set(_peer(channel), STARTING)


def _peer(channel: Channel) -> str:
    return f"broker ({channel})"


class Intake:
    """The subscriptions to telemetry and status, from construction to ``close``."""

    def __init__(self, settings: Settings, causes: Unreadiness) -> None:
        self._endpoint = settings.broker()
        self._settings = settings
        self._causes = causes
        expect(causes)
        self._limits = {Channel.TELEMETRY: BatchLimit(), Channel.STATUS: BatchLimit()}
        self._few = BatchLimit(messages=UNPLACED_AT_ONCE)
        self._telemetry = self._subscribe(Channel.TELEMETRY)
        self._status = self._subscribe(Channel.STATUS)
        self._unplaced = self._hear_unplaced()
        self._bound = BoundIntake(self._endpoint, KeptSessions(settings.data), self._telemetry.inbox, causes)
        metrics.IN_FLIGHT.labels(Channel.STATUS).set_function(lambda: self._status.in_flight)
        metrics.IN_FLIGHT.labels(Channel.TELEMETRY).set_function(
            lambda: sum(source.in_flight for source in self._of_telemetry())
        )
        self._announcer = Announcer(settings.feedback())

    @property
    def announcer(self) -> Announcer:
        """What devices are told through."""
        return self._announcer

    @property
    def oldest_unacknowledged(self) -> float | None:
        """When the oldest message arrived that is not acknowledged yet (time.monotonic); None when all are."""
        oldest = (source.oldest_unacknowledged for source in (*self._of_telemetry(), self._status))
        return min((since for since in oldest if since is not None), default=None)

    def follow(self, filters: Sequence[str]) -> None:
        """Take from now on what is published on these topics of bindings as well, as telemetry."""
        self._bound.follow(filters)

    def forward(self, accept_telemetry: Accept, accept_statuses: Accept) -> bool:
        """Take a batch of each and acknowledge it once it is accepted; returns whether there was any."""
        telemetry = self._forward(self._telemetry, accept_telemetry, PATIENCE_SECONDS, Channel.TELEMETRY)
        statuses = self._forward(self._status, accept_statuses, 0, Channel.STATUS)
        unplaced = self._unplaced is not None and self._forward(
            self._unplaced, accept_telemetry, 0, Channel.TELEMETRY, self._few
        )
        return telemetry or statuses or unplaced

    def close(self) -> None:
        """End the connections; the sessions stay with the broker."""
        self._telemetry.close()
        self._bound.close()
        self._status.close()
        if self._unplaced:
            self._unplaced.close()
        self._announcer.close()
        expect(self._causes)

    def _of_telemetry(self) -> list[Subscription | BoundIntake]:
        return [self._telemetry, self._bound, *([self._unplaced] if self._unplaced else [])]

    def _forward(
        self,
        source: Subscription,
        accept: Accept,
        patience: float,
        channel: Channel,
        most: BatchLimit | None = None,
    ) -> bool:
        limit = most or self._limits[channel]
        deliveries = source.take(limit, LINGER_SECONDS, patience)
        if deliveries:
            began = time.monotonic()
            accept([delivery.message for delivery in deliveries])
            source.acknowledge(deliveries)
            if source is self._telemetry:
                self._bound.acknowledge(deliveries)
            limit.adapt(time.monotonic() - began)
            metrics.MESSAGES.labels(channel).inc(len(deliveries))
        return bool(deliveries)

    def _hear_unplaced(self) -> Subscription | None:
        """Subscribe to topics that nobody knows, where there is somebody to hear them."""
        endpoint = self._settings.inbox()
        if endpoint is None:
            return None
        report = metrics.reporter(self._causes, UNPLACED)
        return Subscription(endpoint, client_id(self._settings.data, "inbox"), "#", report)

    def _subscribe(self, channel: Channel) -> Subscription:
        identity = client_id(self._settings.data, channel)
        report = metrics.reporter(self._causes, _peer(channel))
        return Subscription(self._endpoint, identity, subscription(channel), report)
