"""What was known at an instant of days that nobody keeps: the same as now, where nothing of them changed since.

Rollups have no history, but the log of recomputation has every change of them. So a day is the same now as it was
then, if its month had been computed to the end of the day, and neither that month nor one before it, on which the day
may rest where a meter was silent, has been recomputed since or is about to be; for other causes than time alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ingest.model.calendar import Period, floor
from ingest.model.time import to_micros
from kpi_engine.figures.figure import Figure
from kpi_engine.subjects.subject import Subject
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class KnownThen:
    """How far each month of an indicator of a subject was known, by its start, and from when on it changed since.

    Microseconds; ``changed_from`` None: nothing changed.
    """

    zone: str
    through: Mapping[int, int]
    changed_from: int | None

    def had_begun(self, day: Figure) -> bool:
        """Whether anything of the day was known then."""
        return self._through(day) > day.key.start

    def is_alike(self, day: Figure) -> bool:
        """Whether all of the day was known then, and it was as it is now."""
        return self._through(day) >= day.end and (self.changed_from is None or day.end <= self.changed_from)

    def _through(self, day: Figure) -> int:
        return self.through.get(floor(day.key.start, Period.MONTH, self.zone), day.key.start)


def known_then(connection: Connection, subject: Subject, kpi: str, as_of: datetime) -> KnownThen:
    """Return what was known of an indicator of a subject at an instant."""
    asked = {"kpi": kpi, "city_id": subject.city_id, "site_id": subject.site_id, "as_of": as_of}
    through = {to_micros(start): to_micros(end) for start, end in connection.execute(SQL["months_known"], asked)}
    (changed_from,) = connection.execute(SQL["changed_from"], asked).fetchone() or (None,)
    return KnownThen(subject.zone, through, changed_from)
