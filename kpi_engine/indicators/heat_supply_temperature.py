"""Supply temperature of heat [degC], weighted by the volume that flowed."""

from typing import Final

from kpi_engine.amounts import MeterAmounts, amounts
from kpi_engine.indicator import Indicator, Inputs, Needs, Outcome
from kpi_engine.volume_weighting import CITATION, volume_weighted
from kpi_engine.window import Window

VOLUME, PRODUCT = "volume", "volume_supply_temperature"


class SupplyTemperatureInputs(Inputs):
    """Volume in m3 and volume times supply temperature (E8) in m3.degC, counted by each meter."""

    volume_m3: MeterAmounts
    volume_temperature_m3_degc: MeterAmounts


def inputs(window: Window) -> SupplyTemperatureInputs:
    """Select both registers of the window."""
    return SupplyTemperatureInputs(
        volume_m3=amounts(window.meters, VOLUME, window.start, window.end),
        volume_temperature_m3_degc=amounts(window.meters, PRODUCT, window.start, window.end),
    )


def compute(inputs: SupplyTemperatureInputs) -> Outcome:
    """Return E8 over volume, sum over sum."""
    return volume_weighted(inputs.volume_m3, (1.0, inputs.volume_temperature_m3_degc))


INDICATOR: Final = Indicator(
    name="heat_supply_temperature",
    title="Supply temperature of heat, volume-weighted",
    unit="degC",
    formula="T = sum over meters of dE8 / sum over meters of dV",
    citation=CITATION + "EN 1434-1 (recalled)",
    frameworks=("EN 1434-1",),
    rule_version="1",
    needs=Needs(quantities=(VOLUME, PRODUCT)),
    inputs_model=SupplyTemperatureInputs,
    inputs=inputs,
    compute=compute,
)
