"""Residual of electricity [kWh]: main meters and what is produced behind them, against their submeters."""

from typing import Final

from kpi_engine.families.balance import meter_balance

INDICATOR: Final = meter_balance(
    "electricity",
    "Electricity between main meters and submeters",
    ", and what producers behind a main meter feed into the grid, which a main meter of consumption does not count",
)
