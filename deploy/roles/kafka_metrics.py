"""What the roles on either side of Kafka tell Prometheus."""

import structlog
from prometheus_client import Counter, Gauge

LAG = Gauge("pharos_kafka_lag_seconds", "How far this process is behind what Kafka holds; NaN when it is no member.")
COMMIT_FAILURES = Counter("pharos_kafka_commit_failures", "Offsets that were not committed; their records come again.")
DRIFT = Gauge("pharos_kafka_topic_drift", "Settings of topics that are not as declared; the log names them.")

log = structlog.get_logger(__name__)


def count_drift(sentences: list[str]) -> None:
    """Say how the topics that exist differ from what is declared."""
    DRIFT.set(len(sentences))
    for sentence in sentences:
        log.warning("topic differs", difference=sentence)
