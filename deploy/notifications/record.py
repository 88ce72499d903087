"""What was told of alarms, in the database. Every function works in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from psycopg.rows import class_row

from deploy.notifications.due import Notification, Notified, Occasion
from kpi_engine.alarms.journal import AlarmRecord
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def alarms(connection: Connection) -> list[AlarmRecord]:
    """Return the alarms that are open, and those somebody was told of whose end nobody was told yet."""
    with connection.cursor(row_factory=class_row(AlarmRecord)) as cursor:
        return cursor.execute(SQL["alarms_to_tell"]).fetchall()


def notified(connection: Connection) -> list[Notified]:
    """Return who was told of those alarms."""
    rows = connection.execute(SQL["alarms_told"]).fetchall()
    return [Notified(alarm_id, receiver, Occasion(occasion), at) for alarm_id, receiver, occasion, at in rows]


def zones(connection: Connection) -> Mapping[str, tzinfo]:
    """Return the civil time of every city."""
    return {name: ZoneInfo(zone) for name, zone in connection.execute(SQL["city_zones"]).fetchall()}


def write(connection: Connection, sent: Notification, at: datetime) -> None:
    """Record that somebody was told."""
    numbers = [alarm.alarm_id for alarm in sent.alarms]
    facts = {"alarms": numbers, "receiver": sent.receiver, "occasion": sent.occasion.value, "at": at}
    connection.execute(SQL["alarm_notification_write"], facts)


def newest(connection: Connection, limit: int) -> list[tuple[datetime, str, str, str, str, int]]:
    """Return the last messages: when, to whom, on what occasion, of which city and rule, and of how many alarms."""
    return connection.execute(SQL["alarm_notifications"], {"limit": limit}).fetchall()
