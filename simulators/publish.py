"""The simulation: live readings on time, and history beside them as fast as that allows, both through one outbox.

One thread schedules; nothing here waits for the broker, and history never delays live readings. A scheduled instant
is also the event time of its reading. Times are microseconds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final, Protocol

import numpy as np
import structlog

from ingest.model.time import MINUTE, SECOND
from simulators.history import Journal, Stretch
from simulators.noise import IntColumn, derive
from simulators.tempo import Tempo
from simulators.transmitter import Transmitter

HISTORY_IN_FLIGHT: Final = 16
LAST_WORDS: Final = 5 * SECOND  # how long a stop waits for the broker to acknowledge what was sent
LONGEST_LAG: Final = MINUTE  # after a longer pause (a laptop asleep) live readings start afresh

_SAVE_EVERY: Final = 5 * SECOND
_LONGEST_REST: Final = SECOND
_BURST: Final = SECOND  # how much of its pace history may catch up at once

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What the broker has of a device once it acknowledges a message; None where it is only part of that."""

    device: str
    stretch: Stretch | None = None
    history: bool = False


class Sender(Protocol):
    """Where messages go; ``broker.Outbox`` is one."""

    def publish(self, topic: str, payload: bytes | str, receipt: Receipt) -> bool:
        """Hand a message over; False when it is lost."""

    def receipts(self) -> list[Receipt]:
        """Return what was acknowledged since the last call."""

    def feedback(self) -> list[bytes]:
        """Return the feedback to devices that came since the last call."""

    def wait(self, seconds: float) -> None:
        """Return when something is acknowledged, at the latest after ``seconds``."""


@dataclass(frozen=True)
class Pace:
    """Microseconds between two live readings by device name, and how fast the past may go."""

    live: Mapping[str, int]
    history: Tempo


@dataclass(frozen=True)
class Surroundings:
    """What the simulation is given from outside; ``on_history`` takes how many messages of history have arrived."""

    sender: Sender
    journal: Journal
    clock: Callable[[], int]
    on_history: Callable[[int], None]


class Simulation:
    """Devices at work, from ``run`` until its ``stop`` says so."""

    def __init__(self, transmitters: Sequence[Transmitter], pace: Pace, surroundings: Surroundings) -> None:
        self._transmitters = {transmitter.name: transmitter for transmitter in transmitters}
        self._pace = pace
        self._sender, self._journal = surroundings.sender, surroundings.journal
        self._clock, self._on_history = surroundings.clock, surroundings.on_history
        self._live: list[tuple[int, str]] = []
        self._held: list[tuple[int, int, str, bytes, Receipt]] = []  # by the time they are due
        self._order = count()
        self._in_flight = self._history_in_flight = self._history_arrived = 0

    def run(self, past: Iterator[tuple[str, Stretch]], stop: Callable[[], bool]) -> None:
        """Publish until ``stop`` says so; ``past`` yields what to fill in, by device."""
        now = self._clock()
        self._schedule(now)
        self._announce("online")
        upcoming, history_due, save_due = next(past, None), now, now + _SAVE_EVERY
        while not stop():
            now = self._clock()
            self._publish_live(now)
            self._publish_held(now)
            if upcoming and now >= history_due and self._history_in_flight < HISTORY_IN_FLIGHT:
                self._publish_past(*upcoming, now)
                upcoming, history_due = next(past, None), max(history_due + self._pace.history.interval, now - _BURST)
            self._pace.history.adapt(self._sender.feedback(), now)
            self._settle()
            if now >= save_due:
                self._journal.save()
                save_due = now + _SAVE_EVERY
            has_room = upcoming and self._history_in_flight < HISTORY_IN_FLIGHT
            self._rest(history_due if has_room else now + _LONGEST_REST)
        self._announce("offline")
        self._await_acknowledgement()
        self._journal.save()

    def _schedule(self, now: int) -> None:
        """Give each device its own moment within the interval, so that they do not send all at once."""
        begin = now // SECOND * SECOND + SECOND
        slots = {name: max(1, self._pace.live[name] // SECOND) for name in self._transmitters}
        self._live = [(begin + derive(0, name) % slots[name] * SECOND, name) for name in self._transmitters]
        heapify(self._live)

    def _publish_live(self, now: int) -> None:
        earliest, first = self._live[0]
        if now - earliest > max(LONGEST_LAG, 2 * self._pace.live[first]):
            self._schedule(now)
        while self._live[0][0] <= now:
            due, name = heappop(self._live)
            interval = self._pace.live[name]
            heappush(self._live, (due + interval, name))
            self._transmit(np.array([due]), Receipt(name, Stretch(due - interval, due)), now)

    def _publish_past(self, name: str, stretch: Stretch, now: int) -> None:
        self._history_in_flight += 1
        self._transmit(stretch.times(now), Receipt(name, stretch, history=True), now)

    def _transmit(self, times: IntColumn, receipt: Receipt, now: int) -> None:
        """Let a device send; its last delivery carries the receipt, which counts at once where nothing is sent."""
        transmitter = self._transmitters[receipt.device]
        deliveries = transmitter.transmit(times)
        if not deliveries:
            self._confirm(receipt)
        for position, delivery in enumerate(deliveries, start=1):
            carried = receipt if position == len(deliveries) else Receipt(receipt.device)
            due = now if receipt.history else now + delivery.delay  # the past is late anyway
            heappush(self._held, (due, next(self._order), transmitter.telemetry_topic, delivery.payload, carried))
        self._publish_held(now)

    def _publish_held(self, now: int) -> None:
        while self._held and self._held[0][0] <= now:
            _due, _order, topic, payload, receipt = heappop(self._held)
            if not self._publish(topic, payload, receipt):
                self._history_in_flight -= receipt.history
                _log.warning("reading_lost", device=receipt.device, cause="the queue for the broker is full")

    def _settle(self) -> None:
        """Note what the broker has acknowledged."""
        for receipt in self._sender.receipts():
            self._in_flight -= 1
            self._confirm(receipt)
        self._on_history(self._history_arrived)

    def _confirm(self, receipt: Receipt) -> None:
        if receipt.stretch:
            self._journal.add(receipt.device, receipt.stretch)
        self._history_in_flight -= receipt.history
        self._history_arrived += receipt.history

    def _announce(self, status: str) -> None:
        for transmitter in self._transmitters.values():
            self._publish(transmitter.status_topic, status, Receipt(transmitter.name))

    def _publish(self, topic: str, payload: bytes | str, receipt: Receipt) -> bool:
        is_taken = self._sender.publish(topic, payload, receipt)
        self._in_flight += is_taken
        return is_taken

    def _await_acknowledgement(self) -> None:
        """Note what the broker still acknowledges, so that the next start sends none of it again."""
        now = self._clock()
        latest = now + LAST_WORDS
        self._settle()
        while self._in_flight and now < latest:
            self._sender.wait((latest - now) / SECOND)
            self._settle()
            now = self._clock()

    def _rest(self, history_due: int) -> None:
        now = self._clock()
        due = min(self._live[0][0], history_due, now + _LONGEST_REST, *(held[0] for held in self._held[:1]))
        if due > now:
            self._sender.wait((due - now) / SECOND)
