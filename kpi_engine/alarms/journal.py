"""The journal of alarms: every one that was ever raised, whom it stands for, and what people did about it.

Times are aware UTC datetimes. What people do is in ``kpi_engine.alarms.handling``.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from psycopg.rows import class_row

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class AlarmState(StrEnum):
    """Where an alarm stands (ISA-18.2, IEC 62682): what is shelved is open, but out of sight until a time."""

    STANDING = "standing"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    CLEARED = "cleared"


@dataclass(frozen=True)
class AlarmRecord:
    """One alarm; ``value`` and ``threshold`` in ``unit``. Open until it has a ``cleared_at``.

    ``members``: how many devices it stands for, where it stands for those that share something; of an open one now.
    ``title`` and ``remedy``: of rules that city files declare. ``shelved_until``: of the last time that alarms of its
    rule at its device were shelved, which may be over.
    """

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
    members: int = 0
    shelved_until: datetime | None = None
    shelved_by: str | None = None
    shelf_reason: str | None = None
    title: str | None = None
    remedy: str | None = None

    def is_shelved(self, now: datetime) -> bool:
        """Whether it is open and out of sight at ``now``."""
        return self.cleared_at is None and self.shelved_until is not None and self.shelved_until > now


@dataclass(frozen=True)
class AlarmFilter:
    """Which alarms; what is None does not matter. ``cities`` None: every city.

    ``states`` are those at ``now``, which is the database's where nothing is said.
    """

    cities: Sequence[str] | None = None
    device: str | None = None
    rule: str | None = None
    alarms: Sequence[int] | None = None
    is_open: bool = False
    is_unacknowledged: bool = False
    site: str | None = None
    vertical: str | None = None
    severities: Sequence[str] | None = None
    states: Sequence[AlarmState] | None = None
    before: tuple[datetime, int] | None = None
    """Time and number of the last one on the page before."""
    now: datetime | None = None


@dataclass(frozen=True)
class MemberRecord:
    """A device that an alarm of what several share stands for, since when, and until when where it has left them."""

    device: str
    device_title: str
    site: str
    vertical: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class NoteRecord:
    """What somebody did about an alarm; ``text``: a comment or a reason, ``until``: of what was shelved."""

    note_id: int
    at: datetime
    by: str
    action: str
    text: str | None
    until: datetime | None


def read(connection: Connection, wanted: AlarmFilter, limit: int) -> list[AlarmRecord]:
    """Return at most ``limit`` alarms, the newest first."""
    before_time, before_id = wanted.before or (None, None)
    page = {"limit": limit, "before_time": before_time, "before_id": before_id}
    page["now"] = wanted.now or datetime.now(UTC)
    with connection.cursor(row_factory=class_row(AlarmRecord)) as cursor:
        return cursor.execute(SQL["alarms"], asdict(wanted) | page).fetchall()


def members(connection: Connection, alarm_id: int, limit: int, after: str = "") -> list[MemberRecord]:
    """Return at most ``limit`` devices that an alarm stands for, by their names, those that follow ``after``."""
    page = {"alarm_id": alarm_id, "limit": limit, "after": after}
    with connection.cursor(row_factory=class_row(MemberRecord)) as cursor:
        return cursor.execute(SQL["alarm_members_of"], page).fetchall()


def notes(connection: Connection, alarm_id: int, limit: int, after: int = 0) -> list[NoteRecord]:
    """Return at most ``limit`` of what people did about an alarm, the first first, those that follow ``after``."""
    page = {"alarm_id": alarm_id, "limit": limit, "after": after}
    with connection.cursor(row_factory=class_row(NoteRecord)) as cursor:
        return cursor.execute(SQL["alarm_notes_of"], page).fetchall()
