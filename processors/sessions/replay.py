"""Session files to the store: rows to sessions, judged by the clock, stored in portions of the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.history import files
from ingest.history.rows import Rows
from ingest.history.session_mapping import SessionMapping
from ingest.history.session_rows import FoundSession, ResolvedSessions, mapped, resolve
from ingest.model.calendar import day_start
from ingest.model.catalogue import Catalogue
from ingest.model.observation import Refusal
from ingest.model.time import isoformat
from ingest.reasons import Reason
from processors.isolation import described, isolated, record
from processors.steps.clock import AHEAD, EARLIEST
from processors.storage.readings.ledger import Receipt
from processors.storage.sessions.sink import SessionSink


@dataclass(frozen=True)
class SessionHistory:
    """How files become sessions of a city; ``_cities`` are the cities of the devices met, by their ids."""

    mapping: SessionMapping
    catalogue: Catalogue
    city: str
    _cities: dict[int, str] = field(default_factory=dict)

    def replay(self, path: Path, sink: SessionSink, now: int) -> Iterator[tuple[int, Receipt]]:
        """Store a file; yields, after every commit, how many rows it took and what became of them.

        ``now`` is the time of arrival. Replaying a file again changes nothing. Raises MappingError or HistoryError when
        the file is not what the mapping says; what was committed before stays.
        """
        for frame in files.rows(path, self.mapping.layout):
            rows = mapped(Rows(frame, f"replay/{path.name}", now), self.mapping)
            yield frame.height, self._store(rows, sink)

    def _store(self, rows: Rows, sink: SessionSink) -> Receipt:
        """Store rows, all at once or, where that fails in a way nobody foresaw, without those at fault."""

        def take(part: Sequence[int]) -> Receipt:
            taken = rows.part(part)
            resolved = check(resolve(taken, self.mapping, self.catalogue, self.city), rows.received_at)
            self._cities.update({one.device.device_id: one.device.city for one in resolved.sessions})
            return sink.write(resolved, taken)

        def refuse(index: int, error: Exception) -> Receipt:
            record(error, rows[index])
            refusal = Refusal(0, Reason.INTERNAL_ERROR, described(error, "row"), 1, self.city)
            return sink.refuse(refusal, rows[index])

        return sum(isolated(range(len(rows)), take, refuse), Receipt())

    def finish(self, sink: SessionSink) -> None:
        """Declare what the mapping says of its days, after the last file: every session of the devices met is here."""
        if self.mapping.complete is None:
            return
        zone = self.catalogue.cities[self.city].timezone
        days = self.mapping.complete
        sink.declare_complete(self._cities, day_start(days.start, zone), day_start(days.end, zone))


def check(resolved: ResolvedSessions, now: int) -> ResolvedSessions:
    """Refuse sessions that begin before anything was measured, or lie ahead of their own arrival ``now``."""
    late = [one for one in resolved.sessions if _last(one) > now + AHEAD]
    early = [one for one in resolved.sessions if one.session.begin < EARLIEST and _last(one) <= now + AHEAD]
    refusals = [
        *resolved.refusals,
        *_refused(early, Reason.CLOCK_TOO_EARLY, f"is before {isoformat(EARLIEST)}"),
        *_refused(late, Reason.CLOCK_TOO_LATE, "is ahead of its arrival"),
    ]
    refused = {one.message for one in (*early, *late)}
    return ResolvedSessions([one for one in resolved.sessions if one.message not in refused], refusals)


def _last(found: FoundSession) -> int:
    return max(found.session.begin, found.session.end or found.session.begin)


def _refused(sessions: Sequence[FoundSession], reason: Reason, what: str) -> Iterator[Refusal]:
    for one in sessions:
        detail = f"the session from {isoformat(one.session.begin)} to {isoformat(_last(one))} {what}"
        yield Refusal(one.message, reason, detail, 1, one.device.city, one.device.name, "begin")
