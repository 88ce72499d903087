"""Hours side by side as inputs of an indicator: long columns, of which a digest is kept with the figure."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Final, Self

import numpy as np
from pydantic import Field, model_validator

from ingest.model.sentences import Sentence
from kpi_engine.evidence.hour_numbers import NO_HOURS, HourNumbers, Numbers
from kpi_engine.formulas.hour_columns import BoundedHours, Floats
from kpi_engine.indicator import MANY, Entry, Inputs
from kpi_engine.ports.hours import HourTable

FILLED: Final = Sentence("{lacking} of {all} hours are not known: they take the mean of the same hour of other days")


class HourValues(Entry):
    """What a group of meters counted, or a gauge showed, hour by hour, in the unit its field is named after.

    Null where not known. ``lower`` and ``upper`` hold the bounds of every hour, null where nothing bounds it; where
    they are empty, every hour is exact. ``meters``: who is in the group.
    """

    meters: tuple[str, ...] = ()
    value: Numbers
    lower: Numbers = Field(default=(), validate_default=True)
    upper: Numbers = Field(default=(), validate_default=True)

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        if any(side and len(side) != len(self.value) for side in (self.lower, self.upper)):
            raise ValueError("expected as many bounds as values")
        return self

    @cached_property
    def hours(self) -> BoundedHours:
        """The hours as columns."""
        value = self.value.column
        return BoundedHours(value, _bounds(self.lower, value, -np.inf), _bounds(self.upper, value, np.inf))

    @cached_property
    def filled(self) -> BoundedHours:
        """The hours with what stands for those that are not known."""
        return self.hours.filled()

    @property
    def known_share(self) -> float:
        """The share of hours whose value is known; 0 of none."""
        return (len(self.value) - self.value.unknown) / len(self.value) if self.value else 0.0

    @cached_property
    def digest(self) -> dict[str, Any]:
        """What is kept of it: how many hours, how many of them unknown, and a SHA-256 of all three columns."""
        columns = b"".join(column.astype("<f8").tobytes() for column in vars(self.hours).values())
        return {
            **named("meters", self.meters),
            "hours": len(self.value),
            "hours_not_known": self.value.unknown,
            "sha256": sha256(columns).hexdigest(),
        }


def named(what: str, names: Sequence[str]) -> dict[str, Any]:
    """Return what is kept of names: the list, or of many how many there are and a SHA-256 of all."""
    if len(names) <= MANY:
        return {what: list(names)}
    return {what: len(names), f"{what}_sha256": sha256("\n".join(names).encode()).hexdigest()}


class HourlyInputs(Inputs):
    """Base of inputs of which some fields are hours: of those, a digest is kept with the figure."""

    IS_STORED_WHOLE: ClassVar[bool] = False

    def digests(self) -> Mapping[str, Mapping[str, Any]]:
        """Return a digest for each field of hours."""
        return {name: value.digest for name, value in self if isinstance(value, HourValues)}


def hour_values(table: HourTable, group: str) -> HourValues:
    """Select the hours of one group, made once however many figures read them; none where there are no such meters."""
    found: HourValues | None = table.inputs.get(group)
    if found is None:
        found = table.inputs[group] = _made(table, group)
    return found


def _made(table: HourTable, group: str) -> HourValues:
    if group not in table.columns:
        return HourValues(value=NO_HOURS)
    column = table.columns[group]
    is_exact = bool(np.all((column.lower == column.value) & (column.upper == column.value)))
    return HourValues(
        meters=table.members[group],
        value=HourNumbers.published(column.value),
        lower=NO_HOURS if is_exact else HourNumbers.published(column.lower),
        upper=NO_HOURS if is_exact else HourNumbers.published(column.upper),
    )


def not_known(*every: HourValues) -> str | None:
    """Say how many hours are not known, and what stands for them; None where all are."""
    lacking = max((hours.value.unknown for hours in every), default=0)
    if not lacking:
        return None
    whole = max(len(hours.value) for hours in every)
    if lacking == whole:
        return Sentence("none of the {all} hours is known").of(all=whole)
    return FILLED.of(lacking=lacking, all=whole)


def _bounds(side: HourNumbers, value: Floats, unknown: float) -> Floats:
    column = side.column if side else value
    return np.where(np.isnan(column), unknown, column)
