"""A baseline of a site or a group (IPMVP): which energy is held against the weather, and since when after a measure.

Days are civil days of the city. What a method and a definition of degree days are called, the KPI engine knows.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ingest.model.city.dated import short_form
from ingest.model.city.series_reference import SeriesReference
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Day, Declaration, Name

USUAL_METHOD: Final = "caltrack-2.0-daily"
USUAL_DEGREE_DAYS: Final = "eurostat"


class IpmvpOption(StrEnum):
    """How savings are determined (IPMVP)."""

    A = "A"  # retrofit isolation, the key parameter measured
    B = "B"  # retrofit isolation, all parameters measured
    C = "C"  # the whole facility
    D = "D"  # a calibrated simulation


class ZeroDay(StrEnum):
    """What a day whose energy is 0 means."""

    MEASURED = "measured"  # nothing was used: an idle charger, a summer's day without heating
    MISSING = "missing"  # nothing was measured: a building that is supplied always uses some electricity


class BaselineEnergy(Declaration):
    """Which energy: an ``indicator`` of the site or group, by its daily figures, or the sum of ``series`` [kWh]."""

    indicator: Name | None = None
    series: Annotated[tuple[SeriesReference, ...], short_form(None)] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.indicator is None) == (not self.series):
            raise ValueError("expected an indicator, such as heat_delivered, or series with device and quantity")
        return self


class Price(Validity):
    """What a kWh costs on its days, and who says so."""

    value: Annotated[float, Field(ge=0.0, le=1e4, allow_inf_nan=False)]
    unit: Annotated[str, Field(pattern=r"^[A-Z]{3}/kWh$")]
    source: Annotated[str, Field(min_length=1)]


class BaselineDeclaration(Declaration):
    """Energy of [``baseline_from``, ``baseline_to``) by the temperature, and what is saved from ``reporting_from`` on.

    ``boundary`` says in words what is within. ``zero``: what a day of no energy means; of the electricity of a whole
    facility it is missing, of all else measured, unless declared. ``normal_year_from``: the first day of twelve months
    whose temperatures stand for a normal year. ``confidence`` is that of the bounds, two-sided.
    """

    name: Name
    option: IpmvpOption
    boundary: Annotated[str, Field(min_length=1)]
    energy: BaselineEnergy
    temperature: SeriesReference
    baseline_from: Day
    baseline_to: Day
    reporting_from: Day
    method: str = USUAL_METHOD
    degree_days: str = USUAL_DEGREE_DAYS
    zero: ZeroDay | None = None
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.90
    normal_year_from: Day | None = None
    prices: tuple[Price, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.baseline_from < self.baseline_to <= self.reporting_from:
            raise ValueError("expected baseline_from before baseline_to, and reporting_from on that day or later")
        return self

    def price_on(self, day: date) -> Price | None:
        """Return what a kWh costs on a day; None where nobody says."""
        return next((price for price in self.prices if price.holds_on(day)), None)
