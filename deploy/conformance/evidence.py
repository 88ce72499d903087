"""What is stored of a device and arrived in a span of time: readings, refused messages, conflicts, its last status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np

from ingest.model.catalogue import DeviceEntry
from ingest.model.observation import FloatColumn, IntColumn
from ingest.model.time import DAY, from_micros
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.readings import repetitions
from processors.storage.statements import statements

SQL: Final = statements(__name__)
_COLUMNS: Final = (ColumnType.TIMESTAMP, ColumnType.TIMESTAMP, ColumnType.DOUBLE, ColumnType.SMALLINT)
OLDEST: Final = 31 * DAY  # before the begin of the span: what is older and arrives now is history, and not judged


class Refused(NamedTuple):
    """Refused messages of one reason: how many, of how many readings, where the last one is, and what it said."""

    reason: str
    occurrences: int
    readings: int
    quarantine_id: int
    field: str | None
    detail: str | None


class Readings(NamedTuple):
    """Those of one series in the order of their times; microseconds, values in its canonical unit.

    ``before``: the value of the last reading before them, None where there is none.
    """

    time: IntColumn
    received_at: IntColumn
    value: FloatColumn
    quality: IntColumn
    before: float | None


@dataclass(frozen=True)
class Evidence:
    """All of that of ``device``, from ``since`` to ``until`` (microseconds); readings by quantity.

    ``conflicts``: times of readings that were given a second value. ``repeated``: readings that came again with the
    value they had. ``online``: what it said of itself last.
    """

    device: DeviceEntry
    since: int
    until: int
    readings: dict[str, Readings]
    refused: list[Refused]
    conflicts: int
    repeated: int
    online: bool | None
    online_since: datetime | None


def gather(connection: Connection, device: DeviceEntry, since: int, until: int) -> Evidence:
    """Read what arrived of ``device`` between two instants."""
    span = {"since": from_micros(since), "until": from_micros(until), "oldest": from_micros(since - OLDEST)}
    ids = {quantity: series.series_id for quantity, series in device.series.items()}
    refused = connection.execute(SQL["conformance_refused"], span | {"city": device.city, "device": device.name})
    again = repetitions.counted(connection, ids.values(), span["since"], span["until"])
    conflicts = connection.execute(SQL["conformance_conflicts"], span | {"series": list(ids.values())}).fetchone()
    status = connection.execute(SQL["conformance_status"], {"device_id": device.device_id}).fetchone()
    return Evidence(
        device,
        since,
        until,
        {quantity: _readings(connection, series_id, span) for quantity, series_id in ids.items()},
        [Refused(*row) for row in refused],
        conflicts[0] if conflicts else 0,
        again,
        *(status or (None, None)),
    )


def _readings(connection: Connection, series_id: int, span: dict[str, datetime]) -> Readings:
    given = span | {"series_id": series_id}
    time, received_at, value, quality = read_arrays(connection, SQL["conformance_readings"], given, _COLUMNS)
    first = from_micros(int(time[0])) if len(time) else span["until"]
    before = connection.execute(SQL["conformance_before"], given | {"time": first}).fetchone()
    return Readings(
        time.astype(np.int64),
        received_at.astype(np.int64),
        value.astype(np.float64),
        quality.astype(np.int64),
        before[0] if before else None,
    )
