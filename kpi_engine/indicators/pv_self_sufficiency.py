"""Self-sufficiency by photovoltaics [%], matched hour by hour."""

from typing import Final

from kpi_engine.families.self_supply import DEFINITION, SelfSupplyInputs, self_supply_indicator, share_used
from kpi_engine.indicator import Outcome


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return what is used of the production over what is used, sum over sum."""
    return share_used(inputs, inputs.load, "used")


INDICATOR: Final = self_supply_indicator(
    name="pv_self_sufficiency",
    title="Self-sufficiency by photovoltaics",
    definition="Share of the electricity used on site that its photovoltaics supply in the same hour [%]. "
    + DEFINITION,
    formula="ss = sum over hours of min(load, production) / sum over hours of load",
    compute=compute,
)
