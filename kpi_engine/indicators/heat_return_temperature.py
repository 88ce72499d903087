"""Return temperature of heat [degC], weighted by the volume that flowed."""

from typing import Final

from kpi_engine.amounts import MeterAmounts, amounts
from kpi_engine.indicator import Indicator, Inputs, Needs, Outcome
from kpi_engine.volume_weighting import CITATION, volume_weighted
from kpi_engine.window import Window

VOLUME, PRODUCT = "volume", "volume_return_temperature"


class ReturnTemperatureInputs(Inputs):
    """Volume in m3 and volume times return temperature (E9) in m3.degC, counted by each meter."""

    volume_m3: MeterAmounts
    volume_temperature_m3_degc: MeterAmounts


def inputs(window: Window) -> ReturnTemperatureInputs:
    """Select both registers of the window."""
    return ReturnTemperatureInputs(
        volume_m3=amounts(window.meters, VOLUME, window.start, window.end),
        volume_temperature_m3_degc=amounts(window.meters, PRODUCT, window.start, window.end),
    )


def compute(inputs: ReturnTemperatureInputs) -> Outcome:
    """Return E9 over volume, sum over sum."""
    return volume_weighted(inputs.volume_m3, (1.0, inputs.volume_temperature_m3_degc))


INDICATOR: Final = Indicator(
    name="heat_return_temperature",
    title="Return temperature of heat, volume-weighted",
    unit="degC",
    formula="T = sum over meters of dE9 / sum over meters of dV",
    citation=CITATION + "EN 1434-1 (recalled)",
    frameworks=("EN 1434-1",),
    rule_version="1",
    needs=Needs(quantities=(VOLUME, PRODUCT)),
    inputs_model=ReturnTemperatureInputs,
    inputs=inputs,
    compute=compute,
)
