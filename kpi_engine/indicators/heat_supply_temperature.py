"""Supply temperature of heat [degC], weighted by the volume that flowed."""

from typing import Final

from kpi_engine.families.volume_weighting import temperature

INDICATOR: Final = temperature("heat_supply_temperature", "Supply", "volume_supply_temperature", "E8")
