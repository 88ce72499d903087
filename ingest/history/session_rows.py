"""The rows of session files to sessions, as their mapping says; a row is one session and one reading of the ledger.

Wall-clock times of the hour that clocks go through twice are taken as the first of both, an end before its begin as the
second. A time that clocks skip is refused: nobody knows what was meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.decoder import quoted
from ingest.history.columns import ValueCells
from ingest.history.rows import Rows
from ingest.history.session_mapping import SessionMapping
from ingest.history.wall_clock import Instants
from ingest.model.catalogue import Catalogue, DeviceEntry
from ingest.model.observation import Refusal
from ingest.model.quantities.units import conversion
from ingest.model.session import Session
from ingest.reasons import Reason

JOINT: Final = ":"  # between the cells of a native id
LONGEST_ID: Final = 255


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session, the point it belongs to, and the row it stood in."""

    device: DeviceEntry
    session: Session
    message: int


@dataclass(frozen=True)
class ResolvedSessions:
    """What became of rows: sessions to store and refusals to quarantine; together every row."""

    sessions: list[FoundSession]
    refusals: list[Refusal]


def resolve(rows: Rows, mapping: SessionMapping, catalogue: Catalogue, city: str) -> ResolvedSessions:
    """Turn rows of text, as ``mapped``, into sessions of ``city``'s points; every row is in the result exactly once."""
    return _Resolution(rows, mapping, catalogue.devices, (city, catalogue.cities[city].timezone)).resolved()


def mapped(rows: Rows, mapping: SessionMapping) -> Rows:
    """Return rows of the columns that the mapping names and of no others: nothing else is kept, even when refused.

    Raises MappingError where a column is missing.
    """
    rows.require(mapping.columns)
    return Rows(rows.frame.select(mapping.columns), rows.topic, rows.received_at)


class _Resolution:
    """One frame on its way to sessions."""

    def __init__(
        self, rows: Rows, mapping: SessionMapping, devices: Mapping[tuple[str, str], DeviceEntry], at: tuple[str, str]
    ) -> None:
        self._mapping, self._devices = mapping, devices
        self._city, zone = at
        absent = pl.col(mapping.columns).str.strip_chars().replace(["", *mapping.missing], None)
        self._cells = rows.frame.with_columns(absent)
        columns = mapping.session
        time = mapping.time
        written = (time.format, time.zone or zone) if time else (None, zone)
        self._begin = Instants.of(self._cells[columns.begin], *written)
        self._end = Instants.of(self._cells[columns.end], *written)
        unit = conversion(columns.energy.unit, "kWh")
        self._energy = ValueCells.of(self._cells[columns.energy.column], mapping.decimal)
        self._energy_kwh = self._energy.canonical(slice(None), unit.scale, unit.offset)

    def resolved(self) -> ResolvedSessions:
        """Resolve every row."""
        sessions: list[FoundSession] = []
        refusals: list[Refusal] = []
        for row, cells in enumerate(self._cells.iter_rows(named=True)):
            native_id = JOINT.join(filter(None, (cells[column] for column in self._mapping.device.columns)))
            device = self._devices.get((self._city, native_id))
            if device is None:
                detail = f"{quoted(native_id)} is no charging point of {self._city}"
                refusals.append(Refusal(row, Reason.UNKNOWN_DEVICE, detail, 1, self._city, field="device"))
            elif device.plug:
                detail = f"sessions of {device.name} are assembled from its {device.plug.quantity} and its register"
                refusals.append(Refusal(row, Reason.UNKNOWN_QUANTITY, detail, 1, self._city, device.name, "device"))
            elif fault := next(self._faults(row, cells), None):
                reason, detail, field = fault
                refusals.append(Refusal(row, reason, detail, 1, self._city, device.name, field))
            else:
                sessions.append(FoundSession(device, self._session(row, cells), row))
        return ResolvedSessions(sessions, refusals)

    def _faults(self, row: int, cells: Mapping[str, str | None]) -> Iterator[tuple[Reason, str, str]]:
        """Yield what is wrong with a row: why, a sentence, and the part of the mapping that is concerned."""
        columns = self._mapping.session
        transaction = cells[columns.id] or ""
        if not (0 < len(transaction) <= LONGEST_ID and transaction.isprintable()):
            detail = f"column {columns.id}: expected a transaction id of 1 to {LONGEST_ID} printable characters"
            yield Reason.UNDECODABLE, detail, "id"
        ends = ((columns.begin, self._begin, "begin"), (columns.end, self._end, "end"))
        for column, instants, field in ends:
            if not instants.known[row] and not (field == "end" and cells[column] is None):
                detail = f"column {column}: {quoted(cells[column])} is no time, or one that clocks skip"
                yield Reason.BAD_TIME, detail, field
        end = self._ended(row)
        if end is not None and end < self._begin.first[row]:
            detail = f"column {columns.end}: {quoted(cells[columns.end])} is before the session began"
            yield Reason.BAD_TIME, detail, "end"
        column = columns.energy.column
        if cells[column] is not None and not self._energy.is_readable[row]:
            yield self._energy.unreadable, f"column {column}: {quoted(cells[column])}", "energy"

    def _session(self, row: int, cells: Mapping[str, str | None]) -> Session:
        return Session(
            transaction_id=str(cells[self._mapping.session.id]),
            begin=int(self._begin.first[row]),
            end=self._ended(row),
            energy_kwh=float(self._energy_kwh[row]) if self._energy.is_readable[row] else None,
        )

    def _ended(self, row: int) -> int | None:
        """Return when a session ended: where clocks show a time twice, the second where the first is too early."""
        if not self._end.known[row]:
            return None
        is_early = self._end.first[row] < self._begin.first[row]
        return int(self._end.second[row] if is_early else self._end.first[row])
