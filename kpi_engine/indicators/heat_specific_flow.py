"""Water that heat takes [m3/MWh]: volume that flowed through heat meters over the heat that they counted."""

from typing import Final

from kpi_engine.evidence.amounts import MeterAmounts, amounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.volume_weighting import ENERGY, VOLUME, energy, of_whole_meters
from kpi_engine.formulas.bounded import ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome, Selection
from kpi_engine.window import Window

KWH_PER_MWH: Final = 1000.0


class SpecificFlowInputs(Inputs):
    """Volume in m3 and heat in kWh counted by each meter.

    ``energy_kwh``: heat of each meter, where one lacks a register and is left out: how much that is.
    """

    volume_m3: MeterAmounts
    heat_kwh: MeterAmounts
    energy_kwh: MeterAmounts = ()


def inputs(window: Window) -> SpecificFlowInputs:
    """Select both registers of the window."""
    return SpecificFlowInputs(
        volume_m3=amounts(window.meters, VOLUME, window.start, window.end),
        heat_kwh=amounts(window.meters, ENERGY, window.start, window.end),
        energy_kwh=energy(window),
    )


def compute(inputs: SpecificFlowInputs) -> Outcome:
    """Return volume over heat, sum over sum; None where an amount is missing or no heat was taken."""
    lists, left_out = of_whole_meters([inputs.volume_m3, inputs.heat_kwh], inputs.energy_kwh)
    flowed, heat = map(bounded, lists)
    why = "; ".join(filter(None, [reason(*lists), left_out])) or None
    if flowed.value is None or heat.value is None:
        return Outcome(None, coverage(*lists), None, why)
    if heat.value <= 0.0:
        return Outcome(None, coverage(*lists), None, "no heat was taken, so no water was needed for it")
    found = ratio(flowed, heat, flowed.value / heat.value).scaled(KWH_PER_MWH)
    return Outcome.of(found, coverage(*lists), estimated_share(*lists), why)


INDICATOR: Final = Indicator(
    name="heat_specific_flow",
    title="Water per heat taken",
    unit="m3/MWh",
    definition="Volume that flowed through consumers' heat meters over the heat that they counted [m3/MWh]: the less, "
    "the better the water is cooled. Meters that do not count volume are left out and named, with their share of the "
    "heat. It says nothing of how warm the water came: 17.3 m3/MWh are 80/30 degC, 29.0 m3/MWh are 80/50 degC.",
    formula="v = sum over meters of dV / sum over meters of dQ",
    citation="Specific flow as a measure of substations: Gadd and Werner 2014, Applied Energy 136 (recalled); "
    "EN 1434-1 (recalled)",
    frameworks=("EN 1434-1",),
    needs=Needs((Selection((ENERGY, VOLUME), carrier="heat", beside=ENERGY),)),
    inputs_model=SpecificFlowInputs,
    inputs=inputs,
    compute=compute,
    better=Better.LOWER,
    boundary="Consumers' heat meters, primary side of their substations",
    months=Months.SIDE_BY_SIDE,
)
