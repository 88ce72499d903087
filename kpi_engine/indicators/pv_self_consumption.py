"""Self-consumption of photovoltaics [%], matched hour by hour."""

from typing import Final

from kpi_engine.indicator import Better, Indicator, Months, Outcome
from kpi_engine.self_supply import BOUNDARY, CITATION, DEFINITION, SIDES, SelfSupplyInputs, inputs, share_used


def compute(inputs: SelfSupplyInputs) -> Outcome:
    """Return what is used of the production over what is produced, sum over sum."""
    return share_used(inputs, inputs.production_kwh.hours.filled(), "produced")


INDICATOR: Final = Indicator(
    name="pv_self_consumption",
    title="Self-consumption of photovoltaics",
    unit="%",
    definition="Share of photovoltaic production that is used on site in the hour of its production [%]. " + DEFINITION,
    formula="sc = sum over hours of min(load, production) / sum over hours of production",
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
