"""The sink: one write is one transaction that holds readings, conflicts, quarantine, marks and the ledger, or nothing.

Writes are idempotent: what was delivered before is counted as a duplicate and changes nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from ingest.model.catalogue import Catalogue
from ingest.model.observation import DeviceStatus, IntColumn, ObservationBatch, RawMessage, Refusal, Resolved, latest
from ingest.model.sparkplug import EdgeNode
from ingest.model.time import from_micros
from ingest.pseudonyms import Pseudonyms
from ingest.reasons import Reason
from processors.errors import KnownReadingError
from processors.series.intake_columns import UNREGISTERED, SeriesTable
from processors.storage.database import Connection
from processors.storage.failures import classified
from processors.storage.interval_begins import IntervalBegins
from processors.storage.readings import edge_nodes, ledger, quarantine, repetitions, untimed
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.meters import Meters
from processors.storage.readings.observations import Observations, WriteResult, count_by
from processors.storage.readings.partitions import Partitions
from processors.storage.readings.pseudonym_key import unkept
from processors.storage.readings.quarantine_quota import DEFAULT_QUOTA, Quota
from processors.storage.readings.retaking import Settlement
from processors.storage.readings.sources import source_ids
from processors.storage.readings.statuses import record
from processors.storage.schema import retention
from processors.storage.transactions import committing

CAREFUL_WRITES: Final = 50  # after a known reading was met: a failed COPY leaves dead rows, so stop trying for a while

_ASKED_FOR: Final = ("pull:", "replay:")
_Write = Callable[[ObservationBatch, IntColumn], WriteResult]


class Sink:
    """Writes what ``source`` (for example "mqtt" or "replay:archive") delivers; one sink per connection."""

    def __init__(
        self,
        connection: Connection,
        catalogue: Catalogue,
        source: str,
        quota: Quota = DEFAULT_QUOTA,
        pseudonyms: Callable[[], Pseudonyms] = unkept,
    ) -> None:
        self._connection = connection
        self._source = source
        self._is_asked_for = source.startswith(_ASKED_FOR)  # who asks once more gets what is known
        self._shelves = quarantine.Shelves.of(quota, pseudonyms)
        self._table = SeriesTable(catalogue)
        self._partitions = Partitions(connection)
        self._careful_writes = 0
        with classified():
            self._observations = Observations(connection)
            self._begins = IntervalBegins(connection)
            self._meters = Meters(connection)
            self._source_of_city = source_ids(connection, source, self._table.cities)

    def use(self, table: SeriesTable) -> None:
        """Take what is written from now on for series of ``table``; commits, and raises StoreUnavailableError."""
        if table is self._table:
            return
        if table.cities != self._table.cities:
            with classified():
                self._source_of_city = source_ids(self._connection, self._source, table.cities)
        self._table = table

    def write_statuses(
        self,
        statuses: Sequence[DeviceStatus],
        refusals: Sequence[Refusal],
        messages: Sequence[RawMessage],
        settlement: Settlement | None = None,
    ) -> Receipt:
        """Keep what devices say of themselves, and the refused ``messages`` among it; otherwise as ``write``."""
        with classified(), committing(self._connection):
            self._begin(settlement, messages)
            record(self._connection, statuses)
            receipts = self._quarantine(refusals, messages)
            self._post(receipts, settlement)
        return sum(receipts.values(), Receipt())

    def edge_node(self, name: str) -> EdgeNode | None:
        """Return what is known of an edge node; raises as ``write`` does."""
        with classified(), committing(self._connection):
            return edge_nodes.known(self._connection, name)

    def refuse(self, refusal: Refusal, message: RawMessage, settlement: Settlement | None = None) -> Receipt:
        """Keep a refused message and nothing else; otherwise as ``write``."""
        return self.write_statuses([], [refusal], [message], settlement)

    def write(
        self,
        resolved: Resolved,
        messages: Sequence[RawMessage],
        *,
        is_redelivery: bool = False,
        settlement: Settlement | None = None,
    ) -> Receipt:
        """Store ``resolved`` and what it says of ``messages``; committed on return.

        ``is_redelivery``: some of it is likely to be known, so do not try the way that is fast for what is new.
        ``settlement``: the messages were refused before, and leave quarantine with it.
        Raises StoreUnavailableError (nothing was written, try again on a new connection), StoreFaultError, or
        TransactionError inside of another transaction, where nothing would be committed.
        """
        with classified():
            is_known = settlement is not None or is_redelivery or bool(self._careful_writes)
            is_compared = is_known or resolved.batch.revision is not None
            fast = None if is_compared else self._expecting_new(resolved, messages)
            receipt = fast or self._expecting_known(resolved, messages, settlement)
        met_known = receipt.duplicate or receipt.conflict
        self._careful_writes = CAREFUL_WRITES if met_known else max(0, self._careful_writes - 1)
        return receipt

    def _expecting_new(self, resolved: Resolved, messages: Sequence[RawMessage]) -> Receipt | None:
        """Try the way that is fast for new readings; None where some of them turn out to be known."""
        self._make_room(resolved.batch)
        try:
            return self._transact(resolved, messages, self._observations.append)
        except KnownReadingError:
            return None

    def _expecting_known(
        self, resolved: Resolved, messages: Sequence[RawMessage], settlement: Settlement | None
    ) -> Receipt:
        self._partitions.forget()
        self._make_room(resolved.batch)
        return self._transact(resolved, messages, self._observations.merge, settlement)

    def _make_room(self, batch: ObservationBatch) -> None:
        with committing(self._connection):
            before = retention.before_horizon(self._connection, batch)
        self._partitions.ensure(batch.time[~before])

    def _transact(
        self,
        resolved: Resolved,
        messages: Sequence[RawMessage],
        write: _Write,
        settlement: Settlement | None = None,
    ) -> Receipt:
        with committing(self._connection):
            self._begin(settlement, messages)
            batch = resolved.batch
            source = self._source_of_city[self._table.city[batch.series_id]]
            before = retention.before_horizon(self._connection, batch, held=True)
            fresh = ~before & ~np.isin(batch.message, untimed.receive(self._connection, batch, messages))
            outcome = write(batch.select(fresh), source[fresh]) if fresh.any() else WriteResult()
            if outcome.repeated and settlement is None and not self._is_asked_for:
                repetitions.record(self._connection, outcome.repeated, from_micros(int(batch.received_at.max())))
            self._begins.keep(batch.select(fresh), source[fresh], outcome.refused)
            self._meters.record(resolved.sightings, batch.select(fresh))
            record(self._connection, latest(resolved.statuses))
            edge_nodes.keep(self._connection, resolved.edge_nodes)
            refusals = [*resolved.refusals, *self._refused(batch.select(fresh), outcome)]
            refused = count_by(source[fresh][list(outcome.refused)]) + count_by(source[before])
            if before.any():
                since = retention.horizon(self._connection)
                refusals += retention.refusals(batch, before, self._table.catalogue, since)
            receipts = _balance(count_by(source), outcome, refused)
            for source_id, receipt in self._quarantine(refusals, messages).items():
                receipts[source_id] += receipt
            self._post(receipts, settlement)
        return sum(receipts.values(), Receipt())

    def _begin(self, settlement: Settlement | None, messages: Sequence[RawMessage]) -> None:
        if settlement is not None:
            settlement.begin(self._connection, messages)

    def _post(self, receipts: Mapping[int, Receipt], settlement: Settlement | None) -> None:
        ledger.post(self._connection, receipts if settlement is None else settlement.settled(receipts))

    def _refused(self, batch: ObservationBatch, outcome: WriteResult) -> list[Refusal]:
        found = []
        for row, words in outcome.refused.items():
            series = self._table.catalogue.series[int(batch.series_id[row])]
            detail = f"{series.quantity}: the database refused the reading: {words}"
            concerned = (series.city, series.device, series.quantity)
            found.append(Refusal(int(batch.message[row]), Reason.STORE_REFUSED, detail, 1, *concerned))
        return found

    def _quarantine(self, refusals: Sequence[Refusal], messages: Sequence[RawMessage]) -> Mapping[int, Receipt]:
        names = self._table.device_names
        origins = quarantine.Origins(self._source_of, lambda city, device: (city, device) in names)
        return quarantine.keep(self._connection, refusals, messages, origins, self._shelves)

    def _source_of(self, city: str | None) -> int:
        known = self._table.city_index.get(city or UNREGISTERED, 0)
        return int(self._source_of_city[known])


def _balance(rows: Counter[int], outcome: WriteResult, refused: Counter[int]) -> dict[int, Receipt]:
    """Give every row of each source an outcome: what was neither stored, nor a conflict, nor refused had been known."""
    receipts: dict[int, Receipt] = defaultdict(Receipt)
    for source, count in rows.items():
        stored, conflict = outcome.stored[source], outcome.conflict[source]
        duplicate = count - stored - conflict - refused[source]
        receipts[source] = Receipt(stored=stored, conflict=conflict, duplicate=duplicate)
    return receipts
