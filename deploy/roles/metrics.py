"""Metrics of the roles that take messages: each reading's outcome, each refusal's reason; no device ids."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from prometheus_client import Counter, Gauge, Histogram

from deploy.causes import Unreadiness
from ingest.reasons import Reason
from processors.intake.stream import Commit

READINGS = Counter("pharos_readings", "Readings by outcome; the sum is what was received.", ["outcome"])
REFUSED = Counter("pharos_refused_readings", "Refused readings by reason, repeated refusals included.", ["reason"])
OUTCOMES: Final = ("stored", "duplicate", "conflict", "quarantined")
for _outcome in OUTCOMES:
    READINGS.labels(_outcome)  # exported from the start: a counter that is absent cannot show that nothing arrives
INTERNAL_ERRORS = Counter(
    "pharos_internal_errors", "Messages on which Pharos failed, quarantined; and failures to tell devices."
)
MESSAGES = Counter("pharos_messages", "Messages stored, or handed on to Kafka.", ["channel"])
IN_FLIGHT = Gauge(
    "pharos_in_flight_messages", "Messages delivered by the broker and not acknowledged yet.", ["channel"]
)
TROUBLES = Counter("pharos_ingest_troubles", "Failed attempts to reach a broker, Kafka or the database.", ["peer"])
log = structlog.get_logger(__name__)

LAG = Histogram(
    "pharos_ingest_lag_seconds",
    "From the arrival of a batch's oldest message to its commit.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)


def count_commit(commit: Commit) -> None:
    """Count what became of the readings of one write."""
    for outcome in OUTCOMES:
        READINGS.labels(outcome).inc(getattr(commit.receipt, outcome))
    for refusal in commit.refusals:
        REFUSED.labels(refusal.reason).inc(refusal.readings)
        if refusal.reason == Reason.INTERNAL_ERROR:
            INTERNAL_ERRORS.inc()
    if len(commit.arrived):
        LAG.observe(max(0.0, time.time() - float(commit.arrived.received_at.min()) / 1e6))


@contextmanager
def unfailing(what: str) -> Iterator[None]:
    """Log and count whatever fails inside, and go on: no reading depends on it."""
    try:
        yield
    except Exception:  # whatever failed is logged and counted, and no reading depends on it
        log.exception("internal error", work=what)
        INTERNAL_ERRORS.inc()


def reporter(causes: Unreadiness, peer: str, counted: str | None = None) -> Callable[[str | None], None]:
    """Return what makes trouble with ``peer`` visible in readiness and metrics; there ``counted`` with others alike."""

    def report(sentence: str | None) -> None:
        if sentence is None:
            causes.clear(peer)
        else:
            causes.set(peer, sentence)
            TROUBLES.labels(counted or peer).inc()

    return report
