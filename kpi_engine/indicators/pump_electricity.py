"""Electricity for pumping [kWh/MWh]: what circulation pumps took for each MWh of heat that plants fed in."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import MeterAmounts, amounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.heat_plants import PLANTS
from kpi_engine.formulas.bounded import ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.ports.meters import FurtherMeters
from kpi_engine.window import Window

KWH_PER_MWH: Final = 1000.0
PUMPS: Final = FurtherMeters((consumers("electricity", device_types=("circulation_pump",)),), is_needed=True)


class PumpingInputs(Inputs):
    """Electricity counted by each circulation pump and heat fed in by each plant, in kWh."""

    pumps_kwh: MeterAmounts
    supplied_kwh: MeterAmounts


def inputs(window: Window) -> PumpingInputs:
    """Select pumps and plants."""
    pumps = amounts(window.given(PUMPS), "electricity_energy", window.start, window.end)
    return PumpingInputs(pumps_kwh=pumps, supplied_kwh=energy(window, "heat"))


def compute(inputs: PumpingInputs) -> Outcome:
    """Return electricity over heat, sum over sum; None where an amount is missing or nothing was fed in."""
    lists = (inputs.pumps_kwh, inputs.supplied_kwh)
    pumped, heat = map(bounded, lists)
    if not all(lists):
        return Outcome(None, coverage(*lists), None, "no pump, or no plant, is registered for this period")
    if pumped.value is None or heat.value is None:
        return Outcome(None, coverage(*lists), None, reason(*lists))
    if heat.value <= 0.0:
        return Outcome(None, coverage(*lists), None, "no heat was fed in, and nothing can be divided by it")
    found = ratio(pumped, heat, pumped.value / heat.value).scaled(KWH_PER_MWH)
    return Outcome.of(found, coverage(*lists), estimated_share(*lists), reason(*lists))


INDICATOR: Final = Indicator(
    name="pump_electricity",
    title="Electricity for pumping heat",
    unit="kWh/MWh",
    definition="Electricity of circulation pumps per heat that plants fed in [kWh electricity per MWh heat], of a "
    "plant's site, where its pumps stand there as well, or of the city with all its pumps. Pumps are devices of type "
    "circulation_pump; those of substations and houses are none. Some 5 to 10 kWh/MWh are usual.",
    formula="w = sum over circulation pumps of electricity / sum over plants of heat",
    citation="Specific pumping electricity of district heating networks, kWh_el/MWh_th (recalled); auxiliary energy of "
    "EN 15316-4-5 (recalled)",
    frameworks=("EN 15316-4-5",),
    needs=Needs((PLANTS,)),
    inputs_model=PumpingInputs,
    inputs=inputs,
    compute=compute,
    ports=(PUMPS,),
    better=Better.LOWER,
    boundary="Circulation pumps of the network, and plants at the point where they feed in",
    months=Months.SIDE_BY_SIDE,
)
