"""Temperature difference between supply and return [K], weighted by the volume that flowed."""

from typing import Final

from kpi_engine.evidence.amounts import MeterAmounts, amounts
from kpi_engine.families.volume_weighting import BOUNDARY, CITATION, VOLUME, energy, needs, volume_weighted
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.window import Window

SUPPLY, RETURN = "volume_supply_temperature", "volume_return_temperature"


class DeltaTInputs(Inputs):
    """Volume in m3, and volume times supply (E8) and return (E9) temperature in m3.degC, counted by each meter.

    ``energy_kwh``: heat of each meter, where one lacks a register and is left out: how much that is.
    """

    volume_m3: MeterAmounts
    volume_supply_m3_degc: MeterAmounts
    volume_return_m3_degc: MeterAmounts
    energy_kwh: MeterAmounts = ()


def inputs(window: Window) -> DeltaTInputs:
    """Select the three registers of the window."""
    start, end = window.start, window.end
    return DeltaTInputs(
        volume_m3=amounts(window.meters, VOLUME, start, end),
        volume_supply_m3_degc=amounts(window.meters, SUPPLY, start, end),
        volume_return_m3_degc=amounts(window.meters, RETURN, start, end),
        energy_kwh=energy(window),
    )


def compute(inputs: DeltaTInputs) -> Outcome:
    """Return (E8 - E9) over volume, sum over sum."""
    products = (1.0, inputs.volume_supply_m3_degc), (-1.0, inputs.volume_return_m3_degc)
    return volume_weighted(inputs.volume_m3, *products, energy=inputs.energy_kwh)


INDICATOR: Final = Indicator(
    name="heat_delta_t",
    title="Temperature difference of heat, volume-weighted",
    unit="K",
    definition="Temperature difference between supply and return [K], weighted by the volume that flowed through "
    "consumers' meters.",
    formula="dT = (sum over meters of dE8 - sum over meters of dE9) / sum over meters of dV",
    citation=CITATION
    + "EN 1434-1 (recalled); low annual dT as a sign of faults: Gadd and Werner 2015, Applied Energy 157",
    frameworks=("EN 1434-1",),
    needs=needs(SUPPLY, RETURN),
    inputs_model=DeltaTInputs,
    inputs=inputs,
    compute=compute,
    better=Better.HIGHER,
    boundary=BOUNDARY,
    months=Months.SIDE_BY_SIDE,
)
