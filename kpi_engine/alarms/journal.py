"""The journal of alarms: every one that was ever raised, and who has seen it. Times are aware UTC datetimes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from kpi_engine.errors import AlarmError
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class AlarmRecord:
    """One alarm; ``value`` and ``threshold`` in ``unit``. Open until it has a ``cleared_at``."""

    alarm_id: int
    city: str
    site: str
    vertical: str
    device: str
    device_title: str
    rule: str
    severity: str
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    value: float
    threshold: float
    unit: str
    detail: str


@dataclass(frozen=True)
class AlarmFilter:
    """Which alarms; what is None does not matter. ``cities`` None: every city."""

    cities: Sequence[str] | None = None
    device: str | None = None
    rule: str | None = None
    alarm_id: int | None = None
    is_open: bool = False
    is_unacknowledged: bool = False
    before: tuple[datetime, int] | None = None
    """Time and number of the last one on the page before."""


def read(connection: Connection, wanted: AlarmFilter, limit: int) -> list[AlarmRecord]:
    """Return at most ``limit`` alarms, the newest first."""
    with connection.cursor(row_factory=class_row(AlarmRecord)) as cursor:
        before_time, before_id = wanted.before or (None, None)
        page = {"limit": limit, "before_time": before_time, "before_id": before_id}
        return cursor.execute(SQL["alarms"], asdict(wanted) | page).fetchall()


def acknowledge(
    connection: Connection, alarm_id: int, by: str, now: datetime, cities: Sequence[str] | None = None
) -> AlarmRecord:
    """Record that ``by`` has seen an alarm of ``cities``, and return it; who saw it first stays. The caller commits.

    Raises AlarmError where there is none.
    """
    wanted = AlarmFilter(cities, alarm_id=alarm_id)
    if read(connection, wanted, 1):
        connection.execute(SQL["alarm_acknowledge"], {"alarm_id": alarm_id, "by": by, "now": now})
    found = read(connection, wanted, 1)
    if not found:
        raise AlarmError(f"there is no alarm {alarm_id}; see: pharos alarms list")
    return found[0]
