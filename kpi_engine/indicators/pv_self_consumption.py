"""Self-consumption of photovoltaics [%], matched hour by hour."""

from typing import Final

from kpi_engine.families.self_supply import DEFINITION, SelfSupplyInputs, self_supply_indicator, share_used
from kpi_engine.indicator import Outcome


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return what is used of the production over what is produced, sum over sum."""
    return share_used(inputs, inputs.production_kwh.filled, "produced")


INDICATOR: Final = self_supply_indicator(
    name="pv_self_consumption",
    title="Self-consumption of photovoltaics",
    definition="Share of photovoltaic production that is used on site in the hour of its production [%]. " + DEFINITION,
    formula="sc = sum over hours of min(load, production) / sum over hours of production",
    compute=compute,
)
