"""Degree of energetic self-supply by photovoltaics [%]: what was produced over what was used, whenever that was."""

from typing import Final

from kpi_engine.families.self_supply import DEFINITION, SelfSupplyInputs, self_supply_indicator, share_of
from kpi_engine.indicator import Outcome


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return the production over the load, sum over sum."""
    return share_of(inputs, inputs.production_kwh.filled.non_negative(), inputs.load, "used")


INDICATOR: Final = self_supply_indicator(
    name="electricity_self_supply",
    title="Degree of energetic self-supply with electricity",
    definition="What photovoltaics produced over the electricity used in the period [%], whether or not at the same "
    "time: above 100 more was made than used. What of it was used on site, pv_self_sufficiency says, and "
    f"this overstates. {DEFINITION}",
    formula="DE = sum of production / sum of load, load = import + production - export",
    citation="SCIS KPI Guide v2.0, 2.1.3, degree of energetic self-supply by RES, LPE / EC (formula recalled)",
    frameworks=("SCIS 2.1.3",),
    compute=compute,
)
