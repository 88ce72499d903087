"""Customers with a smart electricity meter [%]."""

from typing import Final

from kpi_engine.families.reported import PERCENT, READ_AS_NAMES, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "smart_electricity_meter_share",
    "smart_electricity_meters",
    "electricity_connections",
    title="Customers with a smart electricity meter",
    unit="%",
    definition="Customers of electricity that have a smart meter, of all customers of the municipality, as mean over "
    "the year [%].",
    citation=f"U4SSC EC: ICT: ES: 1C smart electricity meters {READ_AS_NAMES}",
    frameworks=("U4SSC EC: ICT: ES: 1C",),
    better=Better.HIGHER,
    scale=PERCENT,
)
