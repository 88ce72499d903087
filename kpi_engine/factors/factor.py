"""An emission factor: a dated, sourced number, and which one holds when.

A published number never changes: a correction is a new version beside the old one. Validity is in civil days of the
city that uses the factor, [valid_from, valid_to).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.errors import UnitError
from ingest.model.calendar import day_start
from ingest.model.city.assets import Name, Validity
from ingest.model.quantities.units import conversion

CANONICAL_UNIT: Final = "kg/kWh"
MOST: Final = 5.0  # kg/kWh: more than any energy emits, so the unit is another one


class EmissionBoundary(StrEnum):
    """Which emissions a factor counts: where energy is turned into another form, on the way there, or all of them."""

    DIRECT = "direct"
    UPSTREAM = "upstream"
    LIFE_CYCLE = "life_cycle"


class View(StrEnum):
    """Whose electricity a factor is of (GHG Protocol Scope 2): what the grid delivers there, or what was bought."""

    LOCATION = "location"
    MARKET = "market"


class CalorificBasis(StrEnum):
    """By which calorific value of a fuel energy is counted: the net (lower) or the gross (higher) one."""

    NCV = "NCV"
    GCV = "GCV"


class FactorVersion(Validity):
    """One published number with its validity, method and source; ``verified``: read at that source for this project.

    ``boundary`` is None where the source does not state it, and ``boundary_note`` says it in the source's words;
    ``view`` is of electricity only, ``calorific_basis`` of fuels only. ``gwp``: the set of global warming potentials.
    ``year``: the year that the number is of; None for one that is of no year, as the default of a standard.
    """

    version: str = Field(min_length=1)
    region: str
    valid_from: date
    value: float = Field(ge=0, allow_inf_nan=False)
    unit: str
    method: str
    boundary_note: str
    gwp: str
    source: str = Field(min_length=1)
    page: str = Field(min_length=1)
    verified: bool
    boundary: EmissionBoundary | None = Field(default=None, repr=False)
    view: View | None = Field(default=None, repr=False)
    calorific_basis: CalorificBasis | None = Field(default=None, repr=False)
    year: int | None = Field(default=None, ge=1000, le=9998, repr=False)

    @field_validator("unit")
    @classmethod
    def _emissions_per_energy(cls, unit: str) -> str:
        try:
            conversion(unit, CANONICAL_UNIT)
        except UnitError as error:
            raise ValueError(str(error)) from error
        return unit

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if conversion(self.unit, CANONICAL_UNIT)(self.value) > MOST:
            raise ValueError(f"expected at most {MOST:g} {CANONICAL_UNIT}, not {self.value:g} {self.unit}")
        return self


class FactorFile(BaseModel):
    """A factor file: a name, the carrier it is for, and its versions, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    title: str
    carrier: str
    versions: tuple[FactorVersion, ...] = Field(min_length=1)


class Factor(FactorVersion):
    """One version of a named factor, as figures refer to it."""

    name: Name
    carrier: Name

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield what digests of definitions are made of; they hold as they are, so it is what it was from the start."""
        for key, value in super().__repr_args__():
            yield ("boundary" if key == "boundary_note" else key), value

    @property
    def key(self) -> tuple[str, str, date]:
        """What no two published factors share."""
        return self.name, self.version, self.valid_from

    @property
    def kg_per_kwh(self) -> float:
        """The value in the canonical unit."""
        return conversion(self.unit, CANONICAL_UNIT)(self.value)

    def holds(self, start: int, end: int, zone: str) -> bool:
        """Return whether the factor is valid in all of [start, end), in microseconds."""
        begins, ends = self.edges(zone)
        return begins <= start and (ends is None or end <= ends)

    def edges(self, zone: str) -> tuple[int, int | None]:
        """Return the instants between which the factor is valid in ``zone``."""
        return day_start(self.valid_from, zone), None if self.valid_to is None else day_start(self.valid_to, zone)


@dataclass(frozen=True)
class Dated:
    """A part [start, end) of a period and the factor that holds in it, if any."""

    start: int
    end: int
    factor: Factor | None


def dated(factors: Sequence[Factor], start: int, end: int, zone: str) -> list[Dated]:
    """Cut [start, end) where validity begins or ends; of those that hold, the one that is valid since the latest day.

    Of two since the same day the one published later, last in ``factors``: a correction takes the place of what it
    corrects, and not of what became valid after that.
    """
    latest = sorted(factors, key=lambda factor: factor.valid_from)
    every = {edge for factor in factors for edge in factor.edges(zone) if edge is not None and start < edge < end}
    parts = pairwise(sorted({start, end} | every))
    return [Dated(a, b, next((f for f in reversed(latest) if f.holds(a, b, zone)), None)) for a, b in parts]
