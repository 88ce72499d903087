"""The meters of a window in columns, put together from stored rollups; what several indicators read is made once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ingest.model.time import SECOND
from kpi_engine.boundary.meter_table import NOT_REPORTED
from kpi_engine.evidence.amount_columns import NUMBERS, EntryColumns
from kpi_engine.evidence.amount_entries import entry, undeclared
from kpi_engine.window import Amount, ManyMeters, Meter
from kpi_engine.windows.clean_amounts import clean_amounts
from kpi_engine.windows.meter_amounts import Amounts, Stored, amount_of, meter_of, meters_of
from kpi_engine.windows.parts import ManyParts, Part
from kpi_engine.windows.rollup_tables import RollupTables
from processors.steps.columns import Floats, Ints
from processors.steps.rollup import Rollup


@dataclass(frozen=True)
class QuantityColumn:
    """One quantity of meters: ``entries`` in the order of their names, ``whole`` as they stand in their table.

    ``whole``: what was counted from edge to edge, NaN where that is not known. ``others``: the amounts of those that
    are not clean, by their place in the table.
    """

    entries: EntryColumns
    whole: Floats
    others: Mapping[int, Amount]


@dataclass
class KnownMeters:
    """What was read, few rollups one by one and many in tables, and what was made of it: amounts and columns."""

    rollups: Stored
    tables: RollupTables
    amounts: Amounts = field(default_factory=dict)
    columns: dict[tuple[object, ...], QuantityColumn] = field(default_factory=dict)
    few: dict[int, tuple[Sequence[Part], Sequence[Meter]]] = field(default_factory=dict)

    def meters(self, parts: Sequence[Part]) -> Sequence[Meter]:
        """Return the meters of ``parts`` in their order, many of them in columns; of the same few, the same."""
        if isinstance(parts, ManyParts):
            return ColumnMeters(parts, self)
        if id(parts) not in self.few:
            self.few[id(parts)] = parts, meters_of(parts, self.rollups, self.amounts)
        return self.few[id(parts)][1]


class ColumnMeters(ManyMeters):
    """Meters that stand in a part of a window. ``replaced``: those for which something stands, by their place."""

    def __init__(
        self,
        parts: ManyParts,
        known: KnownMeters,
        replaced: Mapping[int, Meter] | None = None,
        *,
        is_beside: bool = False,
    ) -> None:
        self.parts, self._known = parts, known
        self._replaced, self._is_beside = replaced or {}, is_beside
        self._meters: dict[int, Meter] = {}

    def __len__(self) -> int:
        return len(self.parts)

    def at(self, place: int) -> Meter:
        """Return the meter at a place, or what stands for it."""
        if place in self._replaced:
            return self._replaced[place]
        if place not in self._meters:
            self._meters[place] = meter_of(self.parts[place], self._known.tables, self._known.amounts)
        return self._meters[place]

    def of(self, carrier: str) -> "ColumnMeters":
        """Return the meters of one carrier."""
        return self.take(self.parts.table.places_of_carrier(carrier))

    def in_role(self, role: str) -> "ColumnMeters":
        """Return the meters on one side of a balance."""
        return self.take(self.parts.table.places_in_role(role))

    def take(self, places: Ints, replaced: Mapping[int, Meter] | None = None) -> "ColumnMeters":
        """Return the meters at ``places``; for some of them stands something else."""
        stood_for = {**self._replaced, **(replaced or {})}
        new = {old: place for place, old in enumerate(places.tolist())}
        kept = {new[old]: meter for old, meter in stood_for.items() if old in new}
        return ColumnMeters(self.parts.take(places), self._known, kept, is_beside=self._is_beside)

    def beside(self) -> "ColumnMeters | tuple[()]":
        """Return the meters with what tells what they are worth; for a silent one stands nothing there."""
        if not self.parts.table.beside:
            return ()
        return ColumnMeters(self.parts, self._known, is_beside=True)

    def entries(self, quantity: str) -> EntryColumns:
        """Return ``quantity`` of every meter in the order of their names."""
        found, table = self.column(quantity).entries, self.parts.table
        return found.replaced(
            {
                int(table.rank[place]): entry(meter.name, meter.amounts[quantity])
                for place, meter in self._replaced.items()
                if quantity in meter.amounts
            }
        )

    def doubtful(self) -> Iterator[Rollup]:
        """Yield what is known of every amount that is not clean."""
        for quantity in self.parts.table.quantities:
            yield from (amount.rollup for amount in self.column(quantity).others.values())

    def silent(self) -> list[int]:
        """Return the places of the meters of which nothing is known."""
        reported: dict[int, int] = {}
        for quantity in self.parts.table.quantities:
            for place, amount in self.column(quantity).others.items():
                if amount.rollup.covered_from is None:
                    reported[place] = reported.get(place, 0) + 1
        return sorted(
            place for place, count in reported.items() if count == len(self.parts.table.entries[place].series)
        )

    def whole(self, quantity: str) -> dict[tuple[str, str | None], float]:
        """Return what was counted from edge to edge, by meter and role, of those of which it is known."""
        found = self.column(quantity).whole
        entries, places = self.parts.table.entries, np.flatnonzero(~np.isnan(found))
        return {
            (entries[at].name, entries[at].role): one
            for at, one in zip(places.tolist(), found[places].tolist(), strict=True)
        }

    def column(self, quantity: str) -> QuantityColumn:
        """Return one quantity of all meters, as it was read."""
        series = self.parts.table.series(quantity, beside=self._is_beside)
        key = series.key, quantity, self.parts.start, self.parts.end, self.parts.zone
        if key not in self._known.columns:
            self._known.columns[key] = self._column(quantity)
        return self._known.columns[key]

    def _column(self, quantity: str) -> QuantityColumn:
        parts, table = self.parts, self.parts.table
        series = table.series(quantity, beside=self._is_beside)
        clean = clean_amounts(series, parts.is_whole, parts.tiles, self._known.tables)
        numbers, is_open = np.full((len(NUMBERS), len(table)), np.nan), np.zeros(len(table), np.bool_)
        rows = table.rank[clean.places]
        numbers[:, rows], is_open[rows] = clean.numbers, clean.is_open
        whole = np.full(len(table), np.nan)
        whole[clean.places] = clean.numbers[0]
        silent = np.flatnonzero(series.ids == NOT_REPORTED)
        missing: dict[int, str] = {}
        if len(silent):
            lacking = EntryColumns.of([undeclared("", quantity, (parts.end - parts.start) / SECOND)])
            numbers[:, table.rank[silent]] = lacking.numbers
            missing = dict.fromkeys(np.sort(table.rank[silent]).tolist(), lacking.missing[0])
        others: dict[int, Amount] = {}
        entries = {}
        for place in np.delete(np.arange(len(table)), np.concatenate([clean.places, silent])).tolist():
            name, one = table.entries[place].name, series.series[place]
            assert one is not None  # noqa: S101 - those that do not report it are left out
            others[place] = amount_of(parts[place], one, self._known.tables, self._known.amounts)
            entries[int(table.rank[place])] = entry(name, others[place])
            rollup = others[place].rollup
            whole[place] = rollup.total if rollup.is_bounded and rollup.total is not None else np.nan
        return QuantityColumn(EntryColumns(table.names, numbers, is_open, missing).replaced(entries), whole, others)
