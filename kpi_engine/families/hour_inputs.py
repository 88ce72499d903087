"""Hours side by side as inputs of an indicator: long columns, of which a digest is kept with the figure."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicator import DIGESTS, MANY, Entry, Inputs
from kpi_engine.ports.hours import HourTable

Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class HourValues(Entry):
    """What a group of meters counted, or a gauge showed, hour by hour, in the unit its field is named after.

    Null where not known. ``lower`` and ``upper`` hold the bounds of every hour, null where nothing bounds it; where
    they are empty, every hour is exact. ``meters``: who is in the group.
    """

    meters: tuple[str, ...] = ()
    value: tuple[Number | None, ...]
    lower: tuple[Number | None, ...] = ()
    upper: tuple[Number | None, ...] = ()

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        if any(side and len(side) != len(self.value) for side in (self.lower, self.upper)):
            raise ValueError("expected as many bounds as values")
        return self

    @property
    def hours(self) -> BoundedHours:
        """The hours as columns."""
        value = _column(self.value, np.nan)
        lower = _column(self.lower, -np.inf) if self.lower else np.where(np.isnan(value), -np.inf, value)
        upper = _column(self.upper, np.inf) if self.upper else np.where(np.isnan(value), np.inf, value)
        return BoundedHours(value, lower, upper)

    @property
    def known_share(self) -> float:
        """The share of hours whose value is known; 0 of none."""
        return sum(one is not None for one in self.value) / len(self.value) if self.value else 0.0

    def digest(self) -> dict[str, Any]:
        """Return what is kept of it: how many hours, how many of them unknown, and a SHA-256 of all three columns."""
        columns = b"".join(np.asarray(column, "<f8").tobytes() for column in vars(self.hours).values())
        unknown = sum(one is None for one in self.value)
        return {
            **named("meters", self.meters),
            "hours": len(self.value),
            "hours_not_known": unknown,
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

    def stored(self) -> dict[str, Any]:
        """Return the inputs with a digest in the place of hours."""
        hours = {name: value.digest() for name, value in self if isinstance(value, HourValues)}
        return {**self.model_dump(mode="json", exclude_defaults=True, exclude=set(hours), context=DIGESTS), **hours}


def hour_values(table: HourTable, group: str) -> HourValues:
    """Select the hours of one group; none where the subject has no such meters."""
    if group not in table.columns:
        return HourValues(value=())
    column = table.columns[group]
    is_exact = bool(np.all((column.lower == column.value) & (column.upper == column.value)))
    return HourValues(
        meters=table.members[group],
        value=_entries(column.value),
        lower=() if is_exact else _entries(column.lower),
        upper=() if is_exact else _entries(column.upper),
    )


def not_known(*every: HourValues) -> str | None:
    """Say how many hours are not known, and what stands for them; None where all are."""
    lacking = max((sum(one is None for one in hours.value) for hours in every), default=0)
    if not lacking:
        return None
    whole = max(len(hours.value) for hours in every)
    if lacking == whole:
        return f"none of the {whole} hours is known"
    return f"{lacking} of {whole} hours are not known: they take the mean of the same hour of other days"


def _entries(column: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float | None, ...]:
    told = np.abs(column) <= LARGEST  # what nothing bounds may be stored as the largest number there is
    return tuple(one if is_told else None for one, is_told in zip(column.tolist(), told.tolist(), strict=True))


def _column(values: Sequence[float | None], unknown: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([unknown if value is None else value for value in values], np.float64)
