"""Light points that are refurbished or newly installed [%]."""

from typing import Final

from kpi_engine.families.reported import PERCENT, reported_indicator
from kpi_engine.indicator import Better

INDICATOR: Final = reported_indicator(
    "refurbished_lighting_share",
    "refurbished_light_points",
    "light_points",
    title="Light points refurbished or new",
    unit="%",
    definition="Light points that are refurbished or newly installed, of all light points of the municipality, as "
    "mean over the year [%].",
    citation="ISO 37122:2019, 7.8, share of street lighting refurbished or newly installed (recalled)",
    frameworks=("ISO 37122, 7.8",),
    better=Better.HIGHER,
    scale=PERCENT,
)
