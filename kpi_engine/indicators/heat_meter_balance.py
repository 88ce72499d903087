"""Residual of heat [kWh]: main meters against their submeters."""

from typing import Final

from kpi_engine.families.balance import meter_balance

INDICATOR: Final = meter_balance("heat", "Heat between main meters and submeters", "")
