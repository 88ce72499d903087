"""Renewable share of charging [%]: what of the energy charged was renewable in the grid at that hour."""

from typing import Final, Self

import numpy as np
from pydantic import model_validator

from ingest.model.sentences import Sentence
from kpi_engine.families.charging_load import CHARGED, OF_CHARGERS, OF_RECORDS, ChargingLoad
from kpi_engine.families.hour_inputs import HourValues, hour_values, not_known
from kpi_engine.formulas.bounded import Bounded, ratio
from kpi_engine.formulas.hour_columns import BoundedHours
from kpi_engine.indicator import Better, Indicator, Months, Outcome, Selection
from kpi_engine.ports.hours import MatchedHours, MeterGroup
from kpi_engine.window import Window

PERCENT: Final = 100.0
GRID: Final = "grid"
SIDES: Final = MatchedHours(
    (
        OF_CHARGERS,
        MeterGroup(GRID, Selection(("grid_renewable_share",), only_reporting=True), nested=False, of_city=True),
    )
)


class RenewableChargingInputs(ChargingLoad):
    """Hours of energy charged [kWh] and of the renewable share of the grid [%]."""

    grid_percent: HourValues

    @model_validator(mode="after")
    def _same_hours(self) -> Self:
        if len(self.charged_kwh.value) != len(self.grid_percent.value):
            raise ValueError("expected as many hours of the grid as of charging")
        return self


def inputs(window: Window) -> RenewableChargingInputs:
    """Select the hours of charging and of the grid."""
    table = window.given(SIDES)
    return RenewableChargingInputs(
        charged_kwh=hour_values(table, CHARGED),
        is_metered=CHARGED not in table.records,
        grid_percent=hour_values(table, GRID),
    )


def compute(inputs: RenewableChargingInputs) -> Outcome:
    """Return the energy times the share of its hour over the energy, sum over sum."""
    sides = (inputs.charged_kwh, inputs.grid_percent)
    covered, why = min(side.known_share for side in sides), not_known(*sides)
    if not inputs.is_metered:
        return Outcome(None, covered, None, OF_RECORDS)
    energy, share = inputs.charged_kwh.filled.non_negative(), _share(inputs.grid_percent.hours)
    whole = energy.total()
    product = BoundedHours(*(getattr(energy, one) * getattr(share, one) for one in ("value", "lower", "upper"))).total()
    if whole.value is None or product.value is None:
        return Outcome(None, covered, None, why or Sentence("no hours are known").of())
    if whole.value <= 0.0:
        return Outcome(None, covered, None, why or "nothing was charged in this period")
    found = ratio(product, whole, product.value / whole.value)
    ends = max(found.lower, 0.0), min(found.upper, 1.0)
    return Outcome.of(Bounded(found.value, *ends).scaled(PERCENT), covered, reason=why)


def _share(percent: BoundedHours) -> BoundedHours:
    """Return the share of every hour; one that is not known takes that of other days, and may have been any."""
    found = percent.filled()
    lower, upper = np.clip(found.lower, 0.0, PERCENT), np.clip(found.upper, 0.0, PERCENT)
    return BoundedHours(found.value / PERCENT, lower / PERCENT, upper / PERCENT)


INDICATOR: Final = Indicator(
    name="ev_renewable_share",
    title="Renewable share of charging",
    unit="%",
    definition="Share of the energy charged that was renewable in the grid of the same hour [%]: energy of every hour "
    "times grid_renewable_share of a grid signal of the city in that hour, over the energy. Charging when much wind "
    "blows counts for what it is; a mean over the year would hide it. Production on site is not in it.",
    formula="r = sum over hours of (E x share of the hour) / sum over hours of E",
    citation="Share of renewable energy in charging by hourly matching (GHG Protocol Scope 2 guidance, recalled)",
    frameworks=("SCIS mobility", "U4SSC EN: E: E: 1C (of charging)"),
    inputs_model=RenewableChargingInputs,
    inputs=inputs,
    compute=compute,
    ports=(SIDES,),
    better=Better.HIGHER,
    boundary="what charging points deliver to vehicles, with the mix of the grid that the signal is of",
    interval="hour",
    months=Months.SIDE_BY_SIDE,
)
