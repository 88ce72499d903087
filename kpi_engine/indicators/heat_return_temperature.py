"""Return temperature of heat [degC], weighted by the volume that flowed."""

from typing import Final

from kpi_engine.families.volume_weighting import temperature
from kpi_engine.indicator import Better

INDICATOR: Final = temperature("heat_return_temperature", "Return", "volume_return_temperature", "E9", Better.LOWER)
