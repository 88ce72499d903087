"""What Prometheus is told of the store itself: its size in bytes, its last backup, and what is not as declared."""

from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from processors.storage.database import Connection
from processors.storage.schema import columnstore
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def store_metrics(connection: Connection) -> list[Metric]:
    """Return the families; a store that was never backed up has no time of its last backup."""
    size, backup = connection.execute(SQL["metrics_store"]).fetchone() or (0, None)
    last = GaugeMetricFamily("pharos_backup_timestamp_seconds", "When the last backup began.")
    if backup is not None:
        last.add_metric([], backup)
    return [
        GaugeMetricFamily("pharos_database_bytes", "Size of the database on disk, without its log.", size),
        GaugeMetricFamily(
            "pharos_columnstore_drift",
            "What of compression and its policies is not as declared.",
            len(columnstore.drift(connection)),
        ),
        last,
    ]
