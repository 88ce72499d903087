"""Amounts of several meters as inputs of an indicator, and how they add up.

Each has its bounds, and so has their sum: what is missing widens them. One meter of which nothing is known leaves no
sum at all, since a sum is never partial. Coverage is sum over sum: the seconds between boundary readings over the
seconds asked for.
"""

from collections.abc import Iterable, Sequence
from math import fsum, isfinite
from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from pydantic import GetCoreSchemaHandler, SerializationInfo, SerializerFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.evidence.amount_columns import EntryColumns, ExactSums
from kpi_engine.evidence.amount_entries import entry, undeclared
from kpi_engine.evidence.amount_entry import LARGEST, LONGEST, NO_AMOUNT, OF_METER, MeterAmount
from kpi_engine.formulas.bounded import Bounded, added, summed
from kpi_engine.indicator import DIGESTS, MANY
from kpi_engine.window import ManyMeters, Meter
from processors.steps.columns import Floats

__all__ = ["LARGEST", "LONGEST", "MeterAmount", "MeterAmounts"]

_NAMED: Final = 3  # reasons spelt out before the rest is only counted


class _Entries:
    """Entries as they come: a tuple of few, columns of many, and with a figure a digest of more than MANY."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        entries = handler(tuple[MeterAmount, ...])
        columns = core_schema.is_instance_schema(EntryColumns)
        stored = core_schema.wrap_serializer_function_ser_schema(_stored, info_arg=True, schema=entries)
        return core_schema.json_or_python_schema(
            json_schema=entries,
            python_schema=core_schema.union_schema([columns, entries], mode="left_to_right"),
            serialization=stored,
        )


def _stored(entries: Sequence[MeterAmount], dump: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401
    if info.context is DIGESTS and len(entries) > MANY:
        return digest(entries)
    return dump(tuple(entries))


MeterAmounts: TypeAlias = Annotated[Sequence[MeterAmount], _Entries]


def digest(entries: Sequence[MeterAmount]) -> dict[str, Any]:
    """Return what is kept of many entries: how many, their sums with bounds, and a SHA-256 of all."""
    columns = EntryColumns.of(entries)
    whole = bounded(columns)
    lower, upper = whole.published
    return {
        "meters": len(columns),
        "not_known": columns.sums.not_known,
        "amount": whole.value,
        "lower": lower,
        "upper": upper,
        "seconds": fsum(columns.sums.seconds),
        "covered_seconds": fsum(columns.sums.covered_seconds),
        "sha256": columns.sha256,
    }


def amounts(meters: Iterable[Meter], quantity: str, start: int, end: int) -> MeterAmounts:
    """Select ``quantity`` of every meter, in the order of their names; a meter that does not report it lacks it."""
    if isinstance(meters, ManyMeters):
        return meters.entries(quantity)
    return tuple(
        entry(meter.name, meter.amounts[quantity])
        if quantity in meter.amounts
        else undeclared(meter.name, quantity, (end - start) / 1e6)
        for meter in sorted(meters, key=lambda meter: meter.name)
    )


def total(*lists: Sequence[MeterAmount]) -> float | None:
    """Return the exact sum over all meters, None where a single one is missing or there is none."""
    if _sums(lists) is not None:
        return bounded(*lists).value
    every = [entry.amount for entries in lists for entry in entries]
    known = [amount for amount in every if amount is not None]
    return fsum(known) if every and len(known) == len(every) else None


def bounded(*lists: Sequence[MeterAmount]) -> Bounded:
    """Return the sum over all meters with its bounds."""
    if (sums := _sums(lists)) is None:
        return added(entry.bounded for entries in lists for entry in entries)
    is_known = not any(one.not_known for one in sums)
    value = fsum(part for one in sums for part in one.amount) if is_known else None
    lower = summed([part for one in sums for part in one.lower])
    upper = summed([part for one in sums for part in one.upper])
    return Bounded(value, lower, upper).with_value(value)


def coverage(*lists: Sequence[MeterAmount]) -> float:
    """Return covered seconds over seconds asked for; 0 without meters."""
    if (sums := _sums(lists)) is None:
        seconds = fsum(entry.seconds for entries in lists for entry in entries)
        return fsum(entry.covered_seconds for entries in lists for entry in entries) / seconds if seconds else 0.0
    covered = fsum(part for one in sums for part in one.covered_seconds)
    return covered / fsum(part for one in sums for part in one.seconds)


def estimated_share(*lists: Sequence[MeterAmount]) -> float | None:
    """Return the estimated part of the sum; None where there is no sum, or nothing was counted."""
    sums = _sums(lists)
    if sums is None:
        estimated = fsum(entry.estimated for entries in lists for entry in entries)
    else:
        estimated = fsum(part for one in sums for part in one.estimated)
    whole = total(*lists)
    if whole is None or (whole == 0.0 and estimated != 0.0):
        return None
    share = estimated / whole if whole else 0.0
    return share if isfinite(share) else None


def reason(*lists: Sequence[MeterAmount]) -> str | None:
    """Say which meters lack what; None where nothing is missing."""
    if not any(lists):
        return Sentence("no meter of this kind is registered for this period").of()
    sentences = dict.fromkeys(sentence for entries in lists for sentence in _sentences(entries))
    return first_of(sentences, _NAMED, "; ") or None


def names_of(entries: Sequence[MeterAmount]) -> tuple[str, ...]:
    """Return the meters of a list."""
    return entries.meters if isinstance(entries, EntryColumns) else tuple(one.meter for one in entries)


def known(entries: Sequence[MeterAmount]) -> Floats:
    """Return the amount of each meter of a list, NaN for null."""
    if isinstance(entries, EntryColumns):
        return entries.column("amount")
    return np.array([one.amount for one in entries], np.float64)


def exact(entries: Sequence[MeterAmount]) -> Sequence[float]:
    """Return numbers whose exact sum is that of the amounts of a list; what is null counts as 0."""
    if isinstance(entries, EntryColumns):
        return entries.sums.amount
    return [one.amount or 0.0 for one in entries]


def undeclared_of(entries: Sequence[MeterAmount]) -> set[str]:
    """Return the meters that do not report the quantity of the list at all."""
    if isinstance(entries, EntryColumns):
        return {entries.meters[place] for place in entries.undeclared}
    return {one.meter for one in entries if one.is_undeclared}


def chosen(entries: Sequence[MeterAmount], is_chosen: Sequence[bool]) -> MeterAmounts:
    """Return the entries at whose place ``is_chosen`` is true."""
    if isinstance(entries, EntryColumns):
        return entries.take(np.flatnonzero(is_chosen))
    return tuple(one for one, takes in zip(entries, is_chosen, strict=True) if takes)


def _sums(lists: Sequence[Sequence[MeterAmount]]) -> list[ExactSums] | None:
    """Return the sums of each list, where one of them is in columns; of few entries they are added up one by one."""
    if not any(isinstance(entries, EntryColumns) and len(entries) for entries in lists):
        return None
    return [EntryColumns.of(entries).sums for entries in lists]


def _sentences(entries: Sequence[MeterAmount]) -> Iterable[str]:
    if isinstance(entries, EntryColumns):
        return entries.sentences
    lacking = [entry for entry in entries if entry.amount is None or entry.missing]
    lacking.sort(key=lambda entry: entry.amount is not None)
    return [OF_METER.of(meter=entry.meter, why=entry.missing or NO_AMOUNT.of()) for entry in lacking]
