"""Total annual cost [EUR]: energy, operation and maintenance, and capital, as they were imported."""

from typing import Final

from ingest.model.calendar import Period
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.ports.statistics import StatisticInput, Statistics
from kpi_engine.window import Window

EUR: Final = "EUR"
COSTS: Final = tuple(
    Statistics(name, is_needed=True)
    for name in ("heat_cost", "electricity_cost", "fuel_cost", "operation_cost", "capital_cost")
)


class AnnualCostInputs(Inputs):
    """Each kind of cost as it was imported."""

    costs: tuple[StatisticInput, ...]


def inputs(window: Window) -> AnnualCostInputs:
    """Select the costs."""
    return AnnualCostInputs(costs=tuple(window.given(port) for port in COSTS))


def compute(inputs: AnnualCostInputs) -> Outcome:
    """Return the sum of all kinds; None where one of them is not known all year, or is in another currency."""
    foreign = [
        f"{one.statistic} is given in {one.unit}; expected {EUR}, since money is never converted"
        for one in inputs.costs
        if one.value is not None and one.unit != EUR
    ]
    why = [*foreign, *(sentence for one in inputs.costs for sentence in (one.missing, one.divided) if sentence)]
    known = [one for one in inputs.costs if one.value is not None]
    covered = len(known) / len(inputs.costs) if inputs.costs else 0.0
    found = Bounded(None) if foreign else added(one.bounded for one in inputs.costs)
    return Outcome.of(found, covered, reason="; ".join(why) or (None if inputs.costs else "no cost is given"))


INDICATOR: Final = Indicator(
    name="total_annual_cost",
    title="Total annual cost",
    unit="EUR",
    definition="What a site or the city pays in a year [EUR]: the imported statistics heat_cost, electricity_cost, "
    "fuel_cost, operation_cost (operation and maintenance, without energy) and capital_cost (annual cost "
    "of capital). Each is needed for the whole year, with 0 where nothing was paid: what nobody gave is "
    "not taken for nothing. Of the city they are what was given for the city itself, not the sum over its "
    "sites. Credit notes count below 0. Amounts of other days than those of the year are divided evenly "
    "by the day, which their bounds tell.",
    formula="TAC = heat_cost + electricity_cost + fuel_cost + operation_cost + capital_cost",
    citation="SCIS KPI Guide v2.0, total annual costs: energy, capital-related and O&M costs (formula recalled)",
    frameworks=("SCIS total annual costs",),
    better=Better.LOWER,
    boundary="Costs of the site, or of the city itself, in its books",
    periods=(Period.YEAR,),
    closed_only=True,
    inputs_model=AnnualCostInputs,
    inputs=inputs,
    compute=compute,
    ports=COSTS,
)
