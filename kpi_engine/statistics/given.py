"""A value of a statistic as somebody gave it: for whom, for which days, with unit, source and page.

A given value never changes: a better one has a later revision and stands beside it. Days are civil days of the city,
[valid_from, valid_to).
"""

from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from typing import Annotated, Any, Final, Self

from pydantic import Field, field_validator, model_validator

from ingest.errors import UnitError
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Day, Name
from ingest.model.declarations.expected import one_of
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.statistics.catalogue import STATISTICS, Statistic, StatisticKind, SubjectKind

ENERGY: Final = "kWh"
LARGEST: Final = 1e18  # no city has so much of anything, and a sum of such values is still a number

MOST_DAYS: Final = 36_525  # more is a slip, or stands for no end

Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]
Topic = tuple[str, str, str | None]  # a statistic of a subject: its name, the city, and the site, None for the city
Key = tuple[str, str, str | None, date, date | None, float]


class GivenValue(Validity):
    """One value of ``statistic`` for ``city`` or its ``site``, between ``lower`` and ``upper`` where stated.

    ``revision``: of several values for the same days the one with the latest holds; one without is the first.
    """

    statistic: str
    city: Name
    site: Name | None = None
    valid_from: Day
    valid_to: Day | None = None
    value: Number
    lower: Number | None = None
    upper: Number | None = None
    unit: str
    calorific_basis: CalorificBasis | None = None
    source: Text
    page: Text
    revision: Number | None = None
    note: str = ""

    @field_validator("statistic")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in STATISTICS:
            raise ValueError(f"{one_of(STATISTICS, name)} (pharos data names)")
        return name

    @model_validator(mode="after")
    def _of_its_statistic(self) -> Self:
        for fault in (self._fault_of_subject(), self._fault_of_unit(), self._fault_of_days(), self._fault_of_value()):
            if fault:
                raise ValueError(fault)
        return self

    @property
    def definition(self) -> Statistic:
        """The row of its statistic."""
        return STATISTICS[self.statistic]

    @property
    def topic(self) -> Topic:
        """What it is a value of."""
        return self.statistic, self.city, self.site

    @property
    def rank(self) -> float:
        """What its revision counts against others."""
        return -inf if self.revision is None else self.revision

    @property
    def key(self) -> Key:
        """What no two given values share, unless one of them was withdrawn."""
        return (*self.topic, self.valid_from, self.valid_to, self.rank)

    @property
    def contents(self) -> dict[str, Any]:
        """All that was given."""
        return self.model_dump(include=set(GivenValue.model_fields))

    @property
    def canonical_unit(self) -> str:
        """The canonical unit of its dimension."""
        return self.definition.canonical(self.unit)[0]

    @property
    def bounded(self) -> Bounded:
        """The value with its bounds in the canonical unit; the bounds are the value itself where none are stated."""
        _, convert = self.definition.canonical(self.unit)
        value = convert(self.value)
        lower, upper = (value if bound is None else convert(bound) for bound in (self.lower, self.upper))
        return Bounded(value, lower, upper)

    @property
    def days_named(self) -> str:
        """Its days in words."""
        return f"from {self.valid_from}" + (f" to {self.valid_to}" if self.valid_to else " on")

    def _fault_of_subject(self) -> str | None:
        if self.site is None and SubjectKind.CITY not in self.definition.subjects:
            return f"expected a site: {self.statistic} is not of a whole city"
        if self.site is not None and SubjectKind.SITE not in self.definition.subjects:
            return f"expected no site, not {self.site!r}: {self.statistic} is of a whole city"
        return None

    def _fault_of_unit(self) -> str | None:
        try:
            canonical = self.canonical_unit
        except UnitError as error:
            return f"column unit: {error}"
        needs_basis = self.definition.is_fuel and canonical == ENERGY
        if needs_basis and self.calorific_basis is None:
            return "column calorific_basis: expected net or gross, since energy of a fuel is counted by either"
        if self.calorific_basis is not None and not needs_basis:
            return f"column calorific_basis: expected nothing: {self.statistic} in {self.unit} is no energy of a fuel"
        return None

    def _fault_of_days(self) -> str | None:
        if self.valid_to is None:
            if self.definition.kind is StatisticKind.LEVEL:
                return None
            return f"column valid_to: expected a day: {self.statistic} is the amount of its days"
        if (self.valid_to - self.valid_from).days > MOST_DAYS:
            return "column valid_to: expected at most 100 years; empty means until further notice"
        return None

    def _fault_of_value(self) -> str | None:
        least = self.definition.least
        lower, upper = (self.value if bound is None else bound for bound in (self.lower, self.upper))
        if min(self.value, lower) < least:
            return f"column value: expected at least {least:g}, not {min(self.value, lower):g}"
        if not lower <= self.value <= upper:
            return f"expected lower <= value <= upper, not {lower:g}, {self.value:g}, {upper:g}"
        return None


@dataclass(frozen=True)
class StoredValue:
    """A given value as it is kept: since when it is known, and who withdrew it when and why.

    ``holds``: it is not withdrawn, and no other one for the same days has a later revision.
    """

    number: int
    given: GivenValue
    holds: bool
    known_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_for: str | None = None
