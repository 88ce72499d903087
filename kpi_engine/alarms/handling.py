"""What people do about alarms, of many at once: acknowledge, comment, shelve until a time, take off the shelf.

Terms are those of ISA-18.2 and IEC 62682. Each is done to all the alarms that are named or to none, and noted with who
did it. The caller commits. Everything raises AlarmError where one of them does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ingest.wording import first_of
from kpi_engine.alarms import journal
from kpi_engine.alarms.journal import AlarmFilter, AlarmRecord
from kpi_engine.errors import AlarmError, ShelfError
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

MOST_NAMED: Final = 5
LONGEST_SHELF: Final = timedelta(days=90)
"""For longer nothing is put out of sight: whoever wants it for good switches the rule off in the city file."""


@dataclass(frozen=True)
class Handler:
    """Who does something, at what time, to alarms of which ``cities`` (None: every city)."""

    connection: Connection
    by: str
    now: datetime
    cities: Sequence[str] | None = None

    def acknowledge(self, alarms: Sequence[int], comment: str | None = None) -> list[AlarmRecord]:
        """Record that somebody has seen alarms; who saw one first stays."""
        self._require(alarms)
        self._do(SQL["alarm_acknowledge"], alarms, comment)
        return self._found(alarms)

    def comment(self, alarms: Sequence[int], text: str) -> list[AlarmRecord]:
        """Record what somebody has to say of alarms."""
        self._require(alarms)
        self._do(SQL["alarm_comment"], alarms, text)
        return self._found(alarms)

    def shelve(self, alarms: Sequence[int], until: datetime, reason: str) -> list[AlarmRecord]:
        """Put open alarms out of sight until a time, also where they are cleared and raised again before it.

        Raises ShelfError where the time is not ahead or too far, and where one is not open.
        """
        if not self.now < until <= self.now + LONGEST_SHELF:
            raise ShelfError(
                f"until: expected a time from now on and within {LONGEST_SHELF.days} days; nothing was shelved. What "
                "is never to be told again is switched off in the city file (alarms, enabled: false)"
            )
        if cleared := [one.alarm_id for one in self._require(alarms) if one.cleared_at is not None]:
            raise ShelfError(f"alarms: expected open ones; cleared: {_numbers(cleared)}; nothing was shelved")
        self._do(SQL["alarm_shelve"], alarms, reason, until)
        return self._found(alarms)

    def unshelve(self, alarms: Sequence[int], comment: str | None = None) -> list[AlarmRecord]:
        """Take alarms off the shelf before their time; those that do not lie there stay as they are."""
        self._require(alarms)
        self._do(SQL["alarm_unshelve"], alarms, comment)
        return self._found(alarms)

    def _do(self, statement: str, alarms: Sequence[int], text: str | None, until: datetime | None = None) -> None:
        facts = {"alarms": list(alarms), "by": self.by, "now": self.now, "text": text, "until": until}
        self.connection.execute(statement, facts)

    def _found(self, alarms: Sequence[int]) -> list[AlarmRecord]:
        wanted = AlarmFilter(self.cities, alarms=list(alarms), now=self.now)
        return journal.read(self.connection, wanted, len(alarms))

    def _require(self, alarms: Sequence[int]) -> list[AlarmRecord]:
        found = self._found(alarms)
        if unknown := sorted(set(alarms) - {one.alarm_id for one in found}):
            raise AlarmError(f"there is no alarm {_numbers(unknown)}; see: pharos alarms list")
        return found


def _numbers(alarms: Sequence[int]) -> str:
    return first_of(map(str, alarms), MOST_NAMED)
