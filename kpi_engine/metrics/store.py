"""What Prometheus is told of the store itself: its size, its backups and archive, and what is not as declared."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from processors.storage.database import Connection
from processors.storage.schema import columnstore
from processors.storage.statements import statements

SQL: Final = statements(__name__)


#: What protects the database, by the words of its comment.
PROTECTIONS: Final = {
    "backup": ("pharos_backup_timestamp_seconds", "When the last backup began."),
    "copy": ("pharos_backup_copy_timestamp_seconds", "When the last backup began that is on another disk, too."),
    "base backup": ("pharos_base_backup_timestamp_seconds", "When the last base backup of the archive began."),
    "drill": ("pharos_backup_drill_timestamp_seconds", "When a restore was last tried, with success."),
}


def store_metrics(connection: Connection) -> list[Metric]:
    """Return the families; what was never done, such as a backup, has no time."""
    ((size,),) = connection.execute(SQL["metrics_store"]).fetchall()
    return [
        GaugeMetricFamily("pharos_database_bytes", "Size of the database on disk, without its log.", size),
        GaugeMetricFamily(
            "pharos_columnstore_drift",
            "What of compression and its policies is not as declared.",
            len(columnstore.drift(connection)),
        ),
        *_protections(connection),
        *_archive(connection),
    ]


def _protections(connection: Connection) -> Iterator[Metric]:
    began = {str(done): float(at) for done, at in connection.execute(SQL["metrics_backups"])}
    for done, (name, description) in PROTECTIONS.items():
        family = GaugeMetricFamily(name, description)
        if done in began:
            family.add_metric([], began[done])
        yield family


def _archive(connection: Connection) -> Iterator[Metric]:
    found = connection.execute(SQL["metrics_archive"]).fetchone()
    if found is None:
        return
    is_active, behind, is_lost = found
    yield GaugeMetricFamily(
        "pharos_archive_receiving", "Whether the archive receives the database's log now.", is_active
    )
    yield GaugeMetricFamily("pharos_archive_behind_bytes", "Log that the archive has not received.", behind)
    yield GaugeMetricFamily("pharos_archive_broken", "Whether log is lost that the archive has not received.", is_lost)
