"""Self-sufficiency by photovoltaics [%], matched hour by hour."""

from typing import Final

from kpi_engine.indicator import Better, Indicator, Months, Outcome
from kpi_engine.self_supply import BOUNDARY, CITATION, DEFINITION, SIDES, SelfSupplyInputs, inputs, share_used


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return what is used of the production over what is used, sum over sum."""
    return share_used(inputs, inputs.load, "used")


INDICATOR: Final = Indicator(
    name="pv_self_sufficiency",
    title="Self-sufficiency by photovoltaics",
    unit="%",
    definition="Share of the electricity used on site that its photovoltaics supply in the same hour [%]. "
    + DEFINITION,
    formula="ss = sum over hours of min(load, production) / sum over hours of load",
    citation=CITATION,
    frameworks=("SCIS 2.1.3", "EN ISO 52000-1"),
    inputs_model=SelfSupplyInputs,
    inputs=inputs,
    compute=compute,
    better=Better.HIGHER,
    boundary=BOUNDARY,
    interval="hour",
    ports=(SIDES,),
    months=Months.SIDE_BY_SIDE,
)
