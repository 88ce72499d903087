"""Light points under a light-performance management system [%]."""

from typing import Final

from kpi_engine.families.reported import PERCENT, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "managed_lighting_share",
    "managed_light_points",
    "light_points",
    title="Light points under a management system",
    unit="%",
    definition="Light points that a light-performance management system runs, of all light points of the "
    "municipality, as mean over the year [%].",
    citation="ISO 37122:2019, 7.7, share of street lighting under a light-performance management system (recalled)",
    frameworks=("ISO 37122, 7.7",),
    better=Better.HIGHER,
    scale=PERCENT,
)
