"""The store of charging sessions: one write is one transaction of sessions, quarantine, marks and ledger, or nothing.

The same session again is a duplicate and changes nothing. Another content for a transaction id that is known is a
conflict: every content is kept, and which one is effective is decided by what they say (``session_choose``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from ingest.history.session_rows import FoundSession, ResolvedSessions
from ingest.model.calendar import Period, floor, following
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage, Refusal
from ingest.model.session import Session
from ingest.model.time import from_micros, to_micros
from processors.series.intake_columns import UNREGISTERED, SeriesTable
from processors.storage.database import Connection
from processors.storage.failures import classified
from processors.storage.readings import ledger, quarantine
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.quarantine_quota import DEFAULT_QUOTA
from processors.storage.readings.sources import source_ids
from processors.storage.statements import statements
from processors.storage.transactions import committing

SQL: Final = statements(__name__)


Key = tuple[int, str]  # device id, transaction id
Content = tuple[datetime, datetime | None, float | None]  # begin, end, energy


class SessionSink:
    """Writes the sessions that ``source`` (for example "replay:archive") delivers; one sink per connection."""

    def __init__(self, connection: Connection, catalogue: Catalogue, source: str) -> None:
        self._connection = connection
        names = SeriesTable(catalogue).device_names
        cities_of = {entry.device_id: catalogue.cities[entry.city] for entry in catalogue.devices.values()}
        self._zones = {device_id: city.timezone for device_id, city in cities_of.items()}
        self._origins = quarantine.Origins(self._source_of, lambda city, device: (city, device) in names)
        self._shelves = quarantine.Shelves.of(DEFAULT_QUOTA)
        cities = (UNREGISTERED, *catalogue.cities)
        with classified():
            self._source: dict[str, int] = dict(
                zip(cities, source_ids(connection, source, cities).tolist(), strict=True)
            )

    def write(self, resolved: ResolvedSessions, messages: Sequence[RawMessage]) -> Receipt:
        """Store ``resolved`` and what it says of ``messages``; committed on return.

        Raises StoreUnavailableError (nothing was written, try again on a new connection) or StoreFaultError.
        """
        with classified(), committing(self._connection):
            receipts: dict[int, Receipt] = defaultdict(Receipt)
            if resolved.sessions:
                self._execute(SQL["session_lock"])
                for source, receipt in self._store(resolved.sessions, messages).items():
                    receipts[source] += receipt
            kept = quarantine.keep(self._connection, resolved.refusals, messages, self._origins, self._shelves)
            for source, receipt in kept.items():
                receipts[source] += receipt
            ledger.post(self._connection, receipts)
        return sum(receipts.values(), Receipt())

    def refuse(self, refusal: Refusal, message: RawMessage) -> Receipt:
        """Keep a refused row and nothing else; otherwise as ``write``."""
        return self.write(ResolvedSessions([], [refusal]), [message])

    def declare_complete(self, cities: dict[int, str], start: int, end: int) -> None:
        """Declare that every session of devices, given with their cities, that began in [start, end) is here."""
        with classified(), committing(self._connection):
            parameters: dict[str, Any] = {
                "device_id": sorted(cities),
                "source_id": [self._source[cities[device_id]] for device_id in sorted(cities)],
                "from_time": from_micros(start),
                "to_time": from_micros(end),
            }
            self._execute(SQL["session_span_add"], parameters)

    def _store(self, found: Sequence[FoundSession], messages: Sequence[RawMessage]) -> dict[int, Receipt]:
        """Store sessions and return what became of each, by source."""
        keys = sorted({_key(one) for one in found})
        before, known = self._begins(SQL["session_effective"], keys), self._known(keys)
        receipts: dict[int, Receipt] = defaultdict(Receipt)
        for one in found:
            key, content = _key(one), _content(one.session)
            contents = known[key]
            outcome = Receipt(duplicate=1) if content in contents else Receipt(conflict=1)
            receipts[self._source[one.device.city]] += outcome if contents else Receipt(stored=1)
            contents.add(content)
        self._add_versions(found, messages)
        self._mark(before, self._begins(SQL["session_choose"], keys))
        return receipts

    def _known(self, keys: Sequence[Key]) -> dict[Key, set[Content]]:
        """Return every content that is known of sessions."""
        found: dict[Key, set[Content]] = {key: set() for key in keys}
        for device_id, transaction, begin, end, energy in self._execute(SQL["session_versions"], _keyed(keys)):
            found[device_id, transaction].add((begin, end, energy))
        return found

    def _begins(self, statement: str, keys: Sequence[Key]) -> dict[Key, datetime]:
        """Run a statement on sessions that returns when they begin."""
        return {
            (device_id, transaction): begin for device_id, transaction, begin in self._execute(statement, _keyed(keys))
        }

    def _add_versions(self, found: Sequence[FoundSession], messages: Sequence[RawMessage]) -> None:
        contents = [_content(one.session) for one in found]
        parameters = _keyed([_key(one) for one in found]) | {
            "begin_at": [begin for begin, _, _ in contents],
            "end_at": [end for _, end, _ in contents],
            "energy_kwh": [energy for _, _, energy in contents],
            "source_id": [self._source[one.device.city] for one in found],
            "received_at": [from_micros(messages[one.message].received_at) for one in found],
        }
        self._execute(SQL["session_version_add"], parameters)

    def _mark(self, before: dict[Key, datetime], changed: dict[Key, datetime]) -> None:
        """Mark the hours in which changed sessions begin, and began ``before``, to be rolled up and as changed.

        What is computed from a session may change where its hour does not: by its end.
        """
        touched = {(key[0], begin): key not in before for key, begin in changed.items()}
        touched |= {(key[0], before[key]): False for key in changed if key in before}
        if touched:
            hours = [_hour(time, self._zones[device_id]) for device_id, time in touched]
            parameters = {
                "device_id": [one for one, _ in touched],
                "time": [time for _, time in touched],
                "start": [start for start, _ in hours],
                "end": [end for _, end in hours],
                "is_first": list(touched.values()),
            }
            self._execute(SQL["session_mark"], parameters)
            self._execute(SQL["session_hour_mark"], parameters)

    def _source_of(self, city: str | None) -> int:
        return self._source.get(city or UNREGISTERED, self._source[UNREGISTERED])

    def _execute(self, statement: str, parameters: dict[str, Any] | None = None) -> list[Any]:
        cursor = self._connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def _hour(time: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the civil hour that an instant lies in."""
    start = floor(to_micros(time), Period.HOUR, zone)
    return from_micros(start), from_micros(following(start, Period.HOUR, zone))


def _key(found: FoundSession) -> Key:
    return found.device.device_id, found.session.transaction_id


def _content(session: Session) -> Content:
    end = None if session.end is None else from_micros(session.end)
    return from_micros(session.begin), end, session.energy_kwh


def _keyed(keys: Iterable[Key]) -> dict[str, Any]:
    listed = list(keys)
    return {"device_id": [device for device, _ in listed], "transaction_id": [one for _, one in listed]}
