"""Renewable share of heat [%]: how much of what plants produced came from renewable sources."""

from typing import Final

from kpi_engine.families.heat_sources import share_of_heat

INDICATOR: Final = share_of_heat(
    "renewable_heat_share",
    "Renewable share of heat produced",
    "Share of the heat of plants that came from renewable sources [%]: biomass, the biogenic part of waste, solar, "
    "geothermal and ambient heat. Waste heat is not in it; it is waste_heat_share, and both may be added up where "
    "their sources count nothing twice.",
    "Share of renewable heat of efficient district heating, Directive (EU) 2023/1791, article 26 (recalled); CITYkeys "
    "local renewable energy production (recalled)",
    ("EU 2023/1791 article 26", "CITYkeys"),
)
