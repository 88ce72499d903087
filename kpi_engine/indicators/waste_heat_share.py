"""Share of waste heat [%]: how much of what plants fed in was waste heat of others."""

from typing import Final

from kpi_engine.families.heat_sources import share_of_heat

INDICATOR: Final = share_of_heat(
    "waste_heat_share",
    "Share of waste heat in heat produced",
    "Share of the heat of plants that was waste heat of industry, data centres and others, which would have been lost "
    "[%]. Heat of burning waste is none: its biogenic part belongs to renewable_heat_share.",
    "Share of waste heat of efficient district heating, Directive (EU) 2023/1791, article 26 (recalled)",
    ("EU 2023/1791 article 26",),
)
